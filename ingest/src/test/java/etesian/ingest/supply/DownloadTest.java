package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.supply.Download.Expected;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final byte[] CONTENT = bytes(300_000, 1);
  private static final byte[] OTHER = bytes(300_000, 2);

  @TempDir private Path folder;
  private final StandIn server = new StandIn();
  private final Heard heard = new Heard();
  private Path target;

  @BeforeEach
  void setUp() {
    target = folder.resolve("a.nc");
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void aFileComesWholeAndLeavesNoPart() throws Exception {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    assertThat(fetch(Expected.ANYTHING)).contains((long) CONTENT.length);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(names()).containsExactly(".a.nc.fetched", "a.nc");
    assertThat(heard.furthest).isEqualTo(CONTENT.length);
  }

  @Test
  void aFileThatBreaksOffGoesOnWhereItEnded() throws Exception {
    server.on(
        "/a.nc",
        StandIn.cut(CONTENT, "\"1\"", 100_000),
        StandIn.cut(CONTENT, "\"1\"", 150_000),
        StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(ranges()).hasSize(2).allMatch(range -> range.matches("bytes=[1-9]\\d*-"));
    assertThat(heard.texts).hasSize(2).allMatch(text -> text.contains("broke off"));
  }

  @Test
  void aFileThatAlwaysGainsSomethingIsNotGivenUp() throws Exception {
    StandIn.Answer little = StandIn.cut(CONTENT, "\"1\"", 60_000);
    server.on("/a.nc", little); // five answers, more than the attempts in vain
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(server.asked().size()).isGreaterThan(StandIn.QUICK.attempts());
  }

  @Test
  void aServerWithoutRangesBeginsAnewAndIsGivenUpWhenNothingIsGained() throws Exception {
    server.on("/a.nc", StandIn.plain(CONTENT, 100_000), StandIn.plain(CONTENT, CONTENT.length));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);

    server.on("/a.nc", StandIn.plain(OTHER, 100_000));
    assertThatThrownBy(() -> fetch(Expected.ANYTHING))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("given up after 3 attempts");
    assertThat(target).hasBinaryContent(CONTENT); // the old one stays
  }

  @Test
  void theRestOfAnotherFileIsNotTaken() throws Exception {
    server.on("/a.nc", StandIn.cut(CONTENT, "\"1\"", 100_000), StandIn.file(OTHER, "\"2\""));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(OTHER);
  }

  @Test
  void aRestThatWasNotAskedForIsNotTaken() throws Exception {
    StandIn.Answer wrong =
        StandIn.status(206, "ETag", "\"1\"", "Content-Range", "bytes 5-299999/300000");
    server.on(
        "/a.nc", StandIn.cut(CONTENT, "\"1\"", 100_000), wrong, StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(server.asked().get(2).header("Range")).isNull();
  }

  @Test
  void aNewRunGoesOnWithThePartOfTheLast() throws Exception {
    server.on("/a.nc", StandIn.cut(CONTENT, "\"1\"", 100_000), StandIn.status(403));
    assertThatThrownBy(() -> fetch(Expected.ANYTHING)).hasMessageContaining("403");
    assertThat(folder.resolve("a.nc.part")).exists();
    assertThat(target).doesNotExist();

    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);

    assertThat(server.asked().get(2).header("Range")).matches("bytes=[1-9]\\d*-");
    assertThat(target).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartWithoutAStampIsNotTrusted() throws Exception {
    Files.write(folder.resolve("a.nc.part"), OTHER);
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(ranges()).isEmpty();
  }

  @Test
  void aServerThatFallsSilentIsLeftAndAskedAgain() throws Exception {
    server.on("/a.nc", server.silent(CONTENT, "\"1\"", 100_000), StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    assertThat(target).hasBinaryContent(CONTENT);
    assertThat(heard.texts).singleElement().asString().contains("no data for");
  }

  @Test
  void anUnchangedFileIsNotLoadedAgainAndAChangedOneIs() throws Exception {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    assertThat(fetch(Expected.ANYTHING)).isEmpty();
    assertThat(names()).containsExactly(".a.nc.fetched", "a.nc");

    server.on("/a.nc", StandIn.file(OTHER, "\"2\""));
    assertThat(fetch(Expected.ANYTHING)).isPresent();
    assertThat(target).hasBinaryContent(OTHER);
  }

  @Test
  void withoutEntityTagsDateAndLengthTell() throws Exception {
    String[] date = {"Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"};
    String[] later = {"Last-Modified", "Tue, 02 Jan 2024 00:00:00 GMT"};
    server.on("/a.nc", StandIn.plain(CONTENT, CONTENT.length, date));
    fetch(Expected.ANYTHING);
    assertThat(fetch(Expected.ANYTHING)).isEmpty();
    assertThat(server.asked().get(1).header("If-Modified-Since")).isEqualTo(date[1]);

    server.on("/a.nc", StandIn.plain(OTHER, OTHER.length, later));
    assertThat(fetch(Expected.ANYTHING)).isPresent();
    assertThat(target).hasBinaryContent(OTHER);
  }

  @Test
  void aFileThatWasLostOrCutHereIsLoadedAgain() throws Exception {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    fetch(Expected.ANYTHING);
    Files.write(target, new byte[10]);
    assertThat(fetch(Expected.ANYTHING)).isPresent();
    Files.delete(target);
    assertThat(fetch(Expected.ANYTHING)).isPresent();
    assertThat(target).hasBinaryContent(CONTENT);
  }

  @Test
  void theAnnouncedSumIsChecked() throws Exception {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    assertThat(fetch(new Expected(CONTENT.length, md5(CONTENT)))).isPresent();

    Files.delete(target);
    assertThatThrownBy(() -> fetch(new Expected(CONTENT.length, md5(OTHER))))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("MD5")
        .hasMessageContaining(md5(OTHER));
    assertThat(target).doesNotExist();
    assertThat(folder.resolve("a.nc.part")).doesNotExist();
  }

  @Test
  void aFileThatWasSpoiltOnItsWayIsLoadedOnceMore() throws Exception {
    server.on("/a.nc", StandIn.file(OTHER, "\"1\""), StandIn.file(CONTENT, "\"1\""));
    fetch(new Expected(CONTENT.length, md5(CONTENT)));
    assertThat(target).hasBinaryContent(CONTENT);
  }

  @Test
  void theSumOfAnObjectInPartsSaysNothingOfTheContent() throws Exception {
    String sum = md5(OTHER);
    server.on("/a.nc", StandIn.file(CONTENT, "\"" + sum + "-3\""));
    fetch(new Expected(CONTENT.length, sum));
    assertThat(target).hasBinaryContent(CONTENT);
  }

  @Test
  void leadingZerosOfASumMayBeMissing() throws Exception {
    Path file = Files.writeString(folder.resolve("zeros"), "168"); // its MD5 begins with 00
    String sum = Md5.of(file);
    assertThat(sum).startsWith("00");
    assertThat(Md5.contradicts(file, sum.replaceFirst("^0+", ""), "")).isFalse();
    assertThat(Md5.contradicts(file, "1" + sum.substring(1), "")).isTrue();
  }

  @Test
  void anotherLengthThanAnnouncedIsRefused() {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    assertThatThrownBy(() -> fetch(new Expected(7, "")))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("300000 bytes, announced were 7");
    assertThat(target).doesNotExist();
  }

  @Test
  void aPageIsNotTakenForAFile() throws Exception {
    server.on("/a.nc", StandIn.page("<html>Please log in</html>"));
    assertThatThrownBy(() -> fetch(Expected.ANYTHING))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("text/html");
    assertThat(names()).isEmpty();
  }

  @Test
  void twoFetchesDoNotWriteTheSameFile() throws Exception {
    server.on("/a.nc", StandIn.file(CONTENT, "\"1\""));
    try (FileChannel other =
            FileChannel.open(
                folder.resolve("a.nc.part"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = other.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> fetch(Expected.ANYTHING)).hasMessageContaining("another fetch");
    }
  }

  private Optional<Long> fetch(Expected expected) throws IOException, InterruptedException {
    Web web = new Web(StandIn.QUICK, HttpClient.Redirect.NORMAL, heard);
    return new Download(web, heard, server.uri("/a.nc"), target, expected).run();
  }

  private List<String> ranges() {
    return server.asked().stream()
        .map(asked -> asked.header("Range"))
        .filter(Objects::nonNull)
        .toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private String md5(byte[] content) throws IOException {
    Path file = Files.createTempFile("etesian", ".md5");
    try {
      return Md5.of(Files.write(file, content));
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
