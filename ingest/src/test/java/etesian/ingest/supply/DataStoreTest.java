package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataStoreTest {
  private static final String KEY = "5f1c0d2e-secret-4b7a";
  private static final String EXECUTION = "/api/retrieve/v1/processes/era5/execution";
  private static final String JOB = "/api/retrieve/v1/jobs/job-1";
  private static final String RESULTS = JOB + "/results";
  private static final String FILE = "/cache/0123abcd.nc";
  private static final byte[] CONTENT = bytes(200_000);

  @TempDir private Path folder;
  private final StandIn server = new StandIn();
  private final Heard heard = new Heard();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void aRequestIsQueuedRunAndDownloaded() throws Exception {
    store();
    server.on(
        JOB, job("accepted"), job("accepted"), job("running"), job("running"), job("successful"));

    Path file = fetch();

    assertThat(file).isEqualTo(folder.resolve("july.nc")).hasBinaryContent(CONTENT);
    assertThat(server.requests())
        .containsExactly(
            "POST " + EXECUTION,
            "GET " + JOB,
            "GET " + JOB,
            "GET " + JOB,
            "GET " + JOB,
            "GET " + JOB,
            "GET " + RESULTS,
            "GET " + FILE);
    JsonNode sent = new ObjectMapper().readTree(server.asked().get(0).body());
    assertThat(sent.at("/inputs/variable/0").asText()).isEqualTo("2m_temperature");
    assertThat(sent.at("/inputs/data_format").asText()).isEqualTo("netcdf");
    assertThat(heard.texts)
        .containsExactly(
            "era5: job job-1 is accepted",
            "job is accepted",
            "job is running",
            "job is successful");
    assertThat(heard.fetched).containsExactly(file);
  }

  @Test
  void theKeyGoesToTheStoreAndNotToWhereTheFileLies() throws Exception {
    store();
    fetch();
    for (StandIn.Asked asked : server.asked()) {
      String key = asked.header("PRIVATE-TOKEN");
      assertThat(key).as(asked.path()).isEqualTo(asked.path().equals(FILE) ? null : KEY);
    }
  }

  @Test
  void linksToOtherHostsAreNotGivenTheKey() throws Exception {
    try (StandIn foreign = new StandIn()) {
      store();
      server.on(EXECUTION, StandIn.json(201, state("accepted", foreign.uri("/steal"))));
      server.on(JOB, StandIn.json(200, state("successful", foreign.uri("/steal"))));
      assertThat(fetch()).hasBinaryContent(CONTENT);

      server.on(EXECUTION, StandIn.status(307, "Location", foreign.uri("/steal").toString()));
      assertThatThrownBy(this::fetch).hasMessageContaining("has moved to " + foreign.uri("/steal"));
      assertThat(foreign.asked()).isEmpty();
    }
  }

  @Test
  void whatTheStoreHasKeptIsNotLoadedAgain() throws Exception {
    store();
    Path file = fetch();
    assertThat(fetch()).isEqualTo(file).hasBinaryContent(CONTENT);
    assertThat(heard.fetched).containsExactly(file);
    assertThat(heard.unchanged).containsExactly(file);
  }

  @Test
  void aRelativeAddressOfTheFileIsOneBesideTheResults() throws Exception {
    store();
    server.on(RESULTS, results("./0123abcd.zip", CONTENT.length, ""));
    server.on(JOB + "/0123abcd.zip", StandIn.file(CONTENT, "\"1\""));
    assertThat(fetch()).isEqualTo(folder.resolve("july.zip")).hasBinaryContent(CONTENT);
  }

  @Test
  void aFailedJobIsToldWithItsReason() {
    store();
    server.on(JOB, job("running"), job("failed"));
    server.on(
        RESULTS,
        StandIn.json(
            400,
            """
            {"type": "job results failed", "title": "job failed", "status": 400,
             "traceback": "None of the data you have requested is available yet"}"""));
    assertRefused("job-1 is failed", "None of the data you have requested is available yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rejected", "dismissed", "deleted"})
  void aJobThatWillNeverSucceedEndsTheWait(String status) {
    store();
    server.on(JOB, job(status));
    server.on(RESULTS, StandIn.status(500));
    assertRefused("job-1 is " + status, "without a reason");
  }

  @Test
  void aWrongKeyIsSaid() {
    server.on(
        EXECUTION,
        StandIn.json(401, "{\"title\": \"permission denied\", \"detail\": \"expired\"}"));
    assertRefused("the key is not accepted", "permission denied: expired", "/profile");
  }

  @Test
  void licencesThatAreNotAcceptedAreSaidWithTheirPage() {
    server.on(
        EXECUTION,
        StandIn.json(
            403,
            """
            {"type": "permission denied", "title": "required licences not accepted",
             "detail": "Not all the required licences have been accepted"}"""));
    assertRefused(
        "required licences not accepted",
        server.uri("/datasets/era5?tab=download#manage-licences").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "404, no such process, not known to",
    "400, year: 1066 is not available, the request is refused",
    "422, invalid parameter, the request is refused",
    "403, operation not permitted, not allowed for this key",
  })
  void aRefusedRequestIsSaidWithItsReason(int status, String detail, String expected) {
    server.on(EXECUTION, StandIn.json(status, "{\"detail\": \"" + detail + "\"}"));
    assertRefused("era5: " + expected, detail);
    assertThat(server.requests()).hasSize(1); // nothing that trying again would change
  }

  @Test
  void aBusyStoreIsAskedAgain() throws Exception {
    store();
    StandIn.Answer busy = StandIn.status(429, "Retry-After", "1");
    server.on(EXECUTION, busy, StandIn.status(503), job("accepted"));
    server.on(JOB, StandIn.status(502), job("successful"));
    assertThat(fetch()).hasBinaryContent(CONTENT);
    assertThat(heard.texts).anyMatch(text -> text.contains("429; trying again in"));
  }

  @Test
  void aStoreThatStaysBusyIsGivenUp() {
    server.on(EXECUTION, StandIn.status(503));
    assertRefused("answered 503", "given up after 3 attempts");
  }

  @Test
  void aStoreThatIsNotThereIsGivenUp() {
    server.close();
    assertRefused("cannot be reached", "given up after 3 attempts");
  }

  @Test
  void aPageInsteadOfAnAnswerIsSaid() {
    server.on(EXECUTION, StandIn.page("<html>Maintenance</html>"));
    assertRefused("is no data store", "<html>Maintenance");
  }

  @Test
  void aFileThatBreaksOffGoesOn() throws Exception {
    store();
    server.on(FILE, StandIn.cut(CONTENT, "\"1\"", 90_000), StandIn.file(CONTENT, "\"1\""));
    assertThat(fetch()).hasBinaryContent(CONTENT);
    assertThat(server.asked().get(server.asked().size() - 1).header("Range")).isNotNull();
  }

  @Test
  void aFileThatIsNotTheAnnouncedOneIsRefused() throws Exception {
    store();
    server.on(RESULTS, results(FILE, CONTENT.length, "00112233445566778899aabbccddeeff"));
    assertRefused("MD5", "00112233445566778899aabbccddeeff");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    DataStore.Options trusting = new DataStore.Options(false, false);
    assertThat(dataStore().fetch(request(), folder, "july", trusting)).hasBinaryContent(CONTENT);
  }

  @Test
  void aFileOfAnotherLengthIsRefused() {
    store();
    server.on(RESULTS, results(FILE, 5, ""));
    assertRefused("200000 bytes, announced were 5");
  }

  @Test
  void resultsWithoutAFileAreRefused() {
    store();
    server.on(RESULTS, results("file:///etc/passwd", 5, ""));
    assertRefused("name no file that could be fetched");
    server.on(RESULTS, StandIn.json(200, "{}"));
    assertRefused("name no file that could be fetched");
  }

  @Test
  void theJobIsDeletedWhereWantedAndTheFileStaysWhereThatFails() throws Exception {
    store();
    DataStore.Options delete = new DataStore.Options(true, true);
    dataStore().fetch(request(), folder, "july", delete);
    assertThat(server.requests()).endsWith("GET " + FILE, "DELETE " + JOB);

    server.on(JOB, job("successful"), StandIn.status(500));
    assertThat(dataStore().fetch(request(), folder, "august", delete)).exists();
    assertThat(heard.texts).last().asString().contains("could not be deleted");
  }

  @Test
  void theKeyIsInNoMessage() {
    String echo = "{\"title\": \"bad token " + KEY + "\", \"jobID\": \"" + KEY + " \"}";
    for (int status : List.of(200, 302, 400, 401, 403, 404, 409, 500)) {
      server.on(EXECUTION, StandIn.json(status, echo));
      assertSilentAboutTheKey();
    }
    server.on(EXECUTION, StandIn.page("not JSON, " + KEY));
    assertSilentAboutTheKey();
    server.on(EXECUTION, StandIn.json(200, KEY));
    assertSilentAboutTheKey();
    server.on(EXECUTION, job("accepted"));
    server.on(JOB, StandIn.json(200, "{\"status\": \"failed\", \"jobID\": \"" + KEY + "\"}"));
    server.on(RESULTS, StandIn.json(400, echo));
    assertSilentAboutTheKey();
    server.on(JOB, StandIn.json(200, "{\"status\": \"" + KEY + "\"}"));
    assertSilentAboutTheKey();
    server.on(JOB, StandIn.json(404, echo));
    assertSilentAboutTheKey();
    server.on(JOB, job("successful"));
    server.on(RESULTS, StandIn.json(200, echo));
    assertSilentAboutTheKey();
    assertThat(heard.texts).isNotEmpty().noneMatch(text -> text.contains(KEY));
  }

  private void assertSilentAboutTheKey() {
    Throwable refused = catchThrowable(this::fetch);
    assertThat(refused).isInstanceOf(SupplyException.class);
    for (Throwable each = refused; each != null; each = each.getCause()) {
      assertThat(each.toString()).doesNotContain(KEY);
    }
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::fetch)
        .isInstanceOf(SupplyException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  /** A store in which everything goes well. */
  private void store() {
    server.on(EXECUTION, job("accepted"));
    server.on(JOB, job("successful"));
    server.on(RESULTS, results(FILE, CONTENT.length, md5()));
    server.on(FILE, StandIn.file(CONTENT, "\"1\""));
  }

  private StandIn.Answer job(String status) {
    return StandIn.json(200, state(status, server.uri(JOB)));
  }

  private static String state(String status, URI link) {
    return """
        {"processID": "era5", "type": "process", "jobID": "job-1", "status": "%s",
         "created": "2026-01-01T00:00:00", "links": [
           {"href": "%s", "rel": "monitor", "type": "application/json"},
           {"href": "%s/results", "rel": "results"}]}"""
        .formatted(status, link, link);
  }

  private StandIn.Answer results(String href, long size, String checksum) {
    String address = href.startsWith("/") ? server.uri(href).toString() : href;
    return StandIn.json(
        200,
        """
        {"asset": {"value": {"type": "application/netcdf", "href": "%s",
          "file:checksum": "%s", "file:size": %d, "file:local_path": "s3://cache/x.nc"}}}"""
            .formatted(address, checksum, size));
  }

  private Path fetch() throws IOException, InterruptedException {
    return dataStore().fetch(request(), folder, "july", DataStore.Options.USUAL);
  }

  private DataStore dataStore() {
    return new DataStore(new Credentials(server.uri("/api"), KEY), StandIn.QUICK, heard);
  }

  private static DataRequest request() {
    return DataRequest.of("era5", Map.of("variable", List.of("2m_temperature")));
  }

  private String md5() {
    try {
      Path file = Files.write(folder.resolve("sum"), CONTENT);
      String sum = Md5.of(file);
      Files.delete(file);
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(3).nextBytes(bytes);
    return bytes;
  }
}
