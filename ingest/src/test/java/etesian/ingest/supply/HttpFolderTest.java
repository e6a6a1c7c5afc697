package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpFolderTest {
  @TempDir private Path folder;
  private final StandIn server = new StandIn();
  private final Heard heard = new Heard();

  @BeforeEach
  void aFolderWithSubfolders() {
    server.on(
        "/d/",
        StandIn.page(
            "<a href='../'>..</a><a href='a.nc'>a</a><a href='b.nc'>b</a><a href='b.txt'>b</a>"
                + "<a href='2024/'>2024</a><a href='2024/07/'>7</a><a href='2024/07/c.nc'>c</a>"));
    server.on(
        "/d/2024/", StandIn.page("<a href='a.nc'>a</a><a href='07/'>07</a><a href='/d/'>d</a>"));
    server.on("/d/2024/07/", StandIn.page("<a href='c.nc'>c</a><a href='../../2024/'>up</a>"));
    for (String file : new String[] {"a.nc", "b.nc", "b.txt", "2024/a.nc", "2024/07/c.nc"}) {
      server.on("/d/" + file, file("content of " + file));
    }
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void theFilesThatMatchComeAndNothingElseIsAskedFor() throws Exception {
    FetchSummary summary = fetch("*.nc", 0);
    assertThat(summary).isEqualTo(new FetchSummary(2, 0, 0, 2L * "content of a.nc".length()));
    assertThat(server.requests()).containsExactly("GET /d/", "GET /d/a.nc", "GET /d/b.nc");
    assertThat(folder.resolve("a.nc")).hasContent("content of a.nc");
    assertThat(heard.fetched).containsExactly(folder.resolve("a.nc"), folder.resolve("b.nc"));
  }

  @Test
  void subfoldersAreEnteredAsDeepAsWantedAndEachOnce() throws Exception {
    assertThat(fetch("*.nc", 1).fetched()).isEqualTo(3);
    assertThat(folder.resolve("2024/a.nc")).hasContent("content of 2024/a.nc");
    assertThat(fetch("{a,c}.nc", 9)).matches(all -> all.fetched() == 1 && all.unchanged() == 2);
    assertThat(folder.resolve("2024/07/c.nc")).hasContent("content of 2024/07/c.nc");
    assertThat(server.requests()).containsOnlyOnce("GET /d/2024/07/");
  }

  @Test
  void unchangedFilesAreNotLoadedAgainAndChangedOnesAre() throws Exception {
    fetch("*.nc", 0);
    server.on("/d/b.nc", file("new content"));

    FetchSummary second = fetch("*.nc", 0);

    assertThat(second).isEqualTo(new FetchSummary(1, 1, 0, "new content".length()));
    assertThat(heard.unchanged).containsExactly(folder.resolve("a.nc"));
    assertThat(folder.resolve("b.nc")).hasContent("new content");
  }

  @Test
  void oneFileThatIsNotToBeHadDoesNotKeepTheOthers() throws Exception {
    server.on("/d/a.nc", StandIn.status(403));
    FetchSummary summary = fetch("*.nc", 0);
    assertThat(summary.complete()).isFalse();
    assertThat(summary).matches(all -> all.fetched() == 1 && all.failed() == 1);
    assertThat(heard.failed).singleElement().asString().startsWith("a.nc: ").contains("403");
    assertThat(folder.resolve("a.nc")).doesNotExist();
    assertThat(folder.resolve("b.nc")).exists();
  }

  @Test
  void aFolderWithoutItsSlashIsFoundWhereTheServerPoints() throws Exception {
    server.on("/d", StandIn.status(301, "Location", "/d/"));
    assertThat(fetch(server.uri("/d"), "a.nc", 0).fetched()).isEqualTo(1);
  }

  @Test
  void aListingThatMatchesNothingIsAnError() {
    assertThatThrownBy(() -> fetch("*.grib", 0))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("no file that matches '*.grib'");
  }

  @Test
  void whatIsNoListingIsAnError() {
    assertThatThrownBy(() -> fetch(server.uri("/d/a.nc"), "*.nc", 0))
        .hasMessageContaining("not the listing of a folder");
    assertThatThrownBy(() -> fetch(server.uri("/absent/"), "*.nc", 0)).hasMessageContaining("404");
    assertThatThrownBy(() -> fetch(URI.create("ftp://host/d/"), "*.nc", 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fetch(URI.create("https://me:secret@host/d/"), "*.nc", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  private FetchSummary fetch(String glob, int depth) throws IOException, InterruptedException {
    return fetch(server.uri("/d/"), glob, depth);
  }

  private FetchSummary fetch(URI address, String glob, int depth)
      throws IOException, InterruptedException {
    return new HttpFolder(address, glob, depth, StandIn.QUICK, heard).fetch(folder);
  }

  private static StandIn.Answer file(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return StandIn.file(bytes, "\"" + content.hashCode() + "\"");
  }
}
