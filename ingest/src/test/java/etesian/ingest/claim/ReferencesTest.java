package etesian.ingest.claim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import etesian.ingest.claim.Unresolved.Reason;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
  private static final byte[] CONTENT = "CDF and so on".getBytes(UTF_8);
  private static final String SHA256 = Sha256.hex(CONTENT);
  private static final String LENGTH = String.valueOf(CONTENT.length);

  @TempDir Path folder;

  private final ExecutorService serving = Executors.newCachedThreadPool();
  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private HttpServer server;
  private URI web;
  private References references;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("open/deep"));
    Files.write(folder.resolve("open/deep/ü 1.nc"), CONTENT);
    Files.write(folder.resolve("secret.nc"), CONTENT);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serving);
    server.createContext("/", this::serve);
    server.start();
    web = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/open/");
    references = allowing(Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    testEnds.countDown();
    server.stop(0);
    serving.shutdownNow();
  }

  private References allowing(Duration timeout) {
    return new References(
        List.of(References.root(folder.resolve("open").toUri().toString()), web), 1000, timeout);
  }

  private void serve(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    try (exchange) {
      String name = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
      switch (name) {
        case "file.nc" -> answer(exchange, 200, CONTENT.length);
        case "chunked.nc" -> answer(exchange, 200, 0);
        case "gone.nc" -> answer(exchange, 404, -1);
        case "forbidden.nc" -> answer(exchange, 403, -1);
        case "busy.nc" -> answer(exchange, calls.get() < 3 ? 503 : 200, CONTENT.length);
        case "broken.nc" -> answer(exchange, 500, -1);
        case "near.nc" -> redirect(exchange, "file.nc");
        case "far.nc" -> redirect(exchange, "/secret.nc");
        case "local.nc" -> redirect(exchange, folder.resolve("open/deep").toUri() + "x.nc");
        case "circle.nc" -> redirect(exchange, "circle.nc");
        case "stalled.nc" -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 3);
          exchange.getResponseBody().flush();
          testEnds.await();
        }
        case "endless.nc" -> {
          exchange.sendResponseHeaders(200, 0);
          while (testEnds.getCount() > 0) {
            exchange.getResponseBody().write(new byte[1024]); // until the client hangs up
          }
        }
        default -> answer(exchange, 200, CONTENT.length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, long length) throws IOException {
    exchange.sendResponseHeaders(status, status == 200 ? length : -1);
    if (status == 200) {
      exchange.getResponseBody().write(CONTENT);
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  @Test
  void aFileBelowARootIsRead() throws Exception {
    String uri = folder.resolve("open/deep/ü 1.nc").toUri().toString();
    assertThat(references.read(new DataReference(uri, SHA256, LENGTH))).isEqualTo(CONTENT);
    assertThat(references.read(new DataReference(uri, SHA256, ""))).isEqualTo(CONTENT);
  }

  @Test
  void aLinkWithinARootIsFollowedAndOneOutOfItIsNot() throws Exception {
    Path open = folder.resolve("open");
    Files.createSymbolicLink(open.resolve("in.nc"), Path.of("deep/ü 1.nc"));
    Files.createSymbolicLink(open.resolve("out.nc"), Path.of("../secret.nc"));
    Files.createSymbolicLink(open.resolve("up"), folder);
    assertThat(references.read(file("open/in.nc"))).isEqualTo(CONTENT);
    assertRefused(file("open/out.nc"), Reason.REFERENCE_NOT_ALLOWED, "symbolic link");
    assertRefused(file("open/up/secret.nc"), Reason.REFERENCE_NOT_ALLOWED, "symbolic link");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open/../secret.nc",
        "open/deep/../../secret.nc",
        "open/%2e%2e/secret.nc",
        "open/.%2E/secret.nc",
        "open/%2e%2e%2fsecret.nc",
        "open/%252e%252e/secret.nc",
        "open/%25252e%25252e/secret.nc",
        "open/..;x/secret.nc",
        "open/..%5csecret.nc",
        "open/deep%00/secret.nc",
        "secret.nc",
        "openly/secret.nc"
      })
  void noSpellingClimbsOutOfARoot(String path) {
    String local = folder.toUri() + path;
    assertRefused(
        new DataReference(local, SHA256, LENGTH), Reason.REFERENCE_NOT_ALLOWED, "granules.");
    String remote = web.resolve("/") + path;
    assertRefused(
        new DataReference(remote, SHA256, LENGTH), Reason.REFERENCE_NOT_ALLOWED, "granules.");
    assertThat(calls).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://files.example/a.nc",
        "jar:file:///a.jar!/a.nc",
        "https://127.0.0.1/open/a.nc",
        "http://127.0.0.1:1/open/a.nc",
        "http://other.example/open/a.nc",
        "file://other/open/a.nc"
      })
  void otherSchemesHostsAndPortsAreNotAllowed(String uri) {
    Unresolved refusal = refusal(references, new DataReference(uri, SHA256, LENGTH));
    assertThat(refusal.reason())
        .isIn(Reason.REFERENCE_NOT_ALLOWED, Reason.REFERENCE_MALFORMED); // jar: has no path
    assertThat(refusal).hasMessageContaining(uri.startsWith("jar") ? "absolute" : "roots");
  }

  @Test
  void withoutRootsNothingIsAllowed() {
    References none = new References(List.of(), 1000, Duration.ofSeconds(1));
    Unresolved refusal = refusal(none, file("open/deep/ü 1.nc"));
    assertThat(refusal.reason()).isEqualTo(Reason.REFERENCE_NOT_ALLOWED);
    assertThat(refusal).hasMessageContainingAll("no references", "granules.references.roots");
  }

  @Test
  void eachFaultHasItsOwnReason() throws IOException {
    Files.write(folder.resolve("open/a.nc"), CONTENT);
    Files.write(folder.resolve("open/large.nc"), new byte[1001]);
    String a = folder.resolve("open/a.nc").toUri().toString();
    assertRefused(new DataReference(a, "ab".repeat(32), LENGTH), Reason.REFERENCE_HASH, SHA256);
    assertRefused(new DataReference(a, SHA256, "12"), Reason.REFERENCE_LENGTH, "12");
    assertRefused(new DataReference(a, SHA256, "many"), Reason.REFERENCE_MALFORMED, "many");
    assertRefused(new DataReference(a, "id-17", LENGTH), Reason.REFERENCE_MALFORMED, "id-17");
    assertRefused(new DataReference(a, SHA256, "1001"), Reason.REFERENCE_TOO_LARGE, "max_bytes");
    assertRefused(
        new DataReference(folder.resolve("open/large.nc").toUri().toString(), SHA256, ""),
        Reason.REFERENCE_TOO_LARGE,
        "1001");
    assertRefused(file("open/none.nc"), Reason.REFERENCE_MISSING, "no such file");
    assertRefused(file("open/deep"), Reason.REFERENCE_MISSING, "folder");
    assertRefused(
        new DataReference("no uri", SHA256, LENGTH), Reason.REFERENCE_MALFORMED, "not a URI");
    assertRefused(
        new DataReference("a.nc", SHA256, LENGTH), Reason.REFERENCE_MALFORMED, "absolute");
  }

  @Test
  void aWebFileIsReadWithAndWithoutALengthOfItsOwn() throws Exception {
    assertThat(references.read(web("file.nc"))).isEqualTo(CONTENT);
    assertThat(references.read(web("chunked.nc"))).isEqualTo(CONTENT);
    assertThat(references.read(web("file.nc?signature=x"))).isEqualTo(CONTENT);
  }

  @Test
  void aBusyServerIsAskedAgain() throws Exception {
    assertThat(references.read(web("busy.nc"))).isEqualTo(CONTENT);
    assertThat(calls).hasValue(3);
  }

  @Test
  void aServerThatStaysBrokenOrIsNotThereIsUnreachable() throws IOException {
    assertRefused(web("broken.nc"), Reason.REFERENCE_UNREACHABLE, "500");
    assertThat(calls).hasValue(4);
    server.stop(0);
    assertRefused(web("file.nc"), Reason.REFERENCE_UNREACHABLE, "Connect");
  }

  @Test
  void whatWillNotGetBetterIsAskedOnce() {
    assertRefused(web("gone.nc"), Reason.REFERENCE_MISSING, "404");
    assertRefused(web("forbidden.nc"), Reason.REFERENCE_UNREACHABLE, "403");
    assertThat(calls).hasValue(2);
  }

  @Test
  void redirectsStayBelowTheRoots() throws Exception {
    assertThat(references.read(web("near.nc"))).isEqualTo(CONTENT);
    assertRefused(web("far.nc"), Reason.REFERENCE_NOT_ALLOWED, "secret.nc");
    assertRefused(web("local.nc"), Reason.REFERENCE_NOT_ALLOWED, "redirect");
    assertRefused(web("circle.nc"), Reason.REFERENCE_UNREACHABLE, "redirects");
  }

  @Test
  void aBodyEndsAtTheLimit() {
    assertRefused(
        new DataReference(web + "endless.nc", SHA256, ""), Reason.REFERENCE_TOO_LARGE, "1000");
    assertRefused(web("endless.nc"), Reason.REFERENCE_LENGTH, "the record says " + LENGTH);
  }

  @Test
  void aBodyThatStallsIsGivenUp() {
    Unresolved refusal = refusal(allowing(Duration.ofMillis(300)), web("stalled.nc"));
    assertThat(refusal.reason()).isEqualTo(Reason.REFERENCE_TIMEOUT);
    assertThat(refusal).hasMessageContaining("PT0.3S");
  }

  @Test
  void anInterruptedThreadEndsAtOnce() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> references.read(web("stalled.nc")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isIn(true, false); // clears the flag for the next test
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/era5",
        "data",
        "s3://bucket/",
        "https://user@files.example/",
        "https://files.example/?a=b",
        "file://host/data/",
        "file:///data/../etc/",
        "https:///data/",
        "no uri"
      })
  void aRootIsTheUriOfAFolder(String text) {
    assertThatThrownBy(() -> References.root(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aRootEndsWithASlash() {
    assertThat(References.root("https://files.example/era5"))
        .isEqualTo(URI.create("https://files.example/era5/"));
  }

  private DataReference file(String path) {
    return new DataReference(folder.resolve(path).toUri().toString(), SHA256, LENGTH);
  }

  private DataReference web(String name) {
    return new DataReference(web + name, SHA256, LENGTH);
  }

  private void assertRefused(DataReference reference, Reason reason, String message) {
    Unresolved refusal = refusal(references, reference);
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    assertThat(refusal).hasMessageContaining(message);
  }

  private static Unresolved refusal(References references, DataReference reference) {
    try {
      byte[] read = references.read(reference);
      throw new AssertionError(reference + " was read: " + read.length + " bytes");
    } catch (Unresolved refusal) {
      return refusal;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
