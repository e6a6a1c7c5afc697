package etesian.ingest.claim;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import etesian.ingest.claim.Unresolved.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Content by http(s). Refused connections and answers that are worth a second try (408, 429, 5xx)
 * are tried again, a little later each time; redirects are followed where the roots allow it; the
 * time runs for all of this together, to the last byte.
 */
final class WebContent {
  private static final int RETRIES = 3;
  private static final int REDIRECTS = 5;
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

  /** What may be better the next time. */
  private static final class Transient extends Exception {
    private static final long serialVersionUID = 1L;

    Transient(String message) {
      super(message);
    }
  }

  private final Roots roots;
  private final Duration timeout;
  private HttpClient client; // made with the first request: few jobs need one

  WebContent(Roots roots, Duration timeout) {
    this.roots = roots;
    this.timeout = timeout;
  }

  byte[] read(URI uri, Bound bound) throws Unresolved, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    RetryPolicy<byte[]> policy =
        RetryPolicy.<byte[]>builder()
            .handle(Transient.class)
            .withMaxRetries(RETRIES)
            .withBackoff(FIRST_DELAY.toMillis(), LONGEST_DELAY.toMillis(), ChronoUnit.MILLIS)
            .withMaxDuration(timeout)
            .build();
    try {
      return Failsafe.with(policy).get(() -> once(uri, bound, deadline));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof Unresolved unresolved) {
        throw unresolved;
      }
      if (e.getCause() instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new Unresolved(
          Reason.REFERENCE_UNREACHABLE,
          "%s: %s, also after %d more tries; check the server, then send the dead letter again",
          uri,
          e.getCause().getMessage(),
          RETRIES);
    }
  }

  private byte[] once(URI uri, Bound bound, long deadline)
      throws Unresolved, Transient, InterruptedException {
    URI at = uri;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      HttpResponse<BoundedBody.Content> response = get(at, bound, deadline);
      int status = response.statusCode();
      if (status == 200) {
        return content(at, bound, response);
      }
      if (status == 408 || status == 429 || status >= 500) {
        throw new Transient("status " + status);
      }
      if (status == 404 || status == 410) {
        throw new Unresolved(
            Reason.REFERENCE_MISSING, "%s: status %d, nothing lies there", at, status);
      }
      String location = response.headers().firstValue("location").orElse("");
      if (status < 300 || status >= 400 || location.isEmpty()) {
        throw new Unresolved(
            Reason.REFERENCE_UNREACHABLE, "%s: status %d, expected 200 and the file", at, status);
      }
      at = roots.allow(resolve(at, location)).uri();
    }
    throw new Unresolved(
        Reason.REFERENCE_UNREACHABLE, "%s: more than %d redirects", uri, REDIRECTS);
  }

  private static String resolve(URI at, String location) throws Unresolved {
    try {
      URI next = at.resolve(location);
      if (next.getScheme() == null
          || !next.getScheme().toLowerCase(Locale.ROOT).startsWith("http")) {
        throw Roots.notAllowed(next, "a redirect leads there from " + at);
      }
      return next.toString();
    } catch (IllegalArgumentException e) {
      throw new Unresolved(
          Reason.REFERENCE_UNREACHABLE, "%s redirects to '%s', which is no URI", at, location);
    }
  }

  private static byte[] content(URI at, Bound bound, HttpResponse<BoundedBody.Content> response)
      throws Unresolved {
    OptionalLong announced = response.headers().firstValueAsLong("content-length");
    if (announced.isPresent()) {
      bound.checkLength(at, announced.getAsLong());
      bound.checkSize(at, announced.getAsLong());
    }
    BoundedBody.Content body = response.body();
    if (body.isTooLong()) {
      bound.checkLength(at, body.received());
      bound.checkSize(at, body.received());
    }
    return body.bytes();
  }

  private HttpResponse<BoundedBody.Content> get(URI at, Bound bound, long deadline)
      throws Unresolved, Transient, InterruptedException {
    int most =
        (int) Math.min(bound.length() < 0 ? bound.maxBytes() : bound.length(), bound.maxBytes());
    HttpRequest request = HttpRequest.newBuilder(at).header("Accept", "*/*").GET().build();
    CompletableFuture<HttpResponse<BoundedBody.Content>> answer =
        client().sendAsync(request, info -> new BoundedBody(info.statusCode() == 200 ? most : 0));
    try {
      return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Unresolved(
          Reason.REFERENCE_TIMEOUT,
          "%s did not come within %s; raise granules.references.timeout, or split the file",
          at,
          timeout);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        String message = e.getCause().getMessage();
        throw new Transient(
            e.getCause().getClass().getSimpleName() + (message == null ? "" : " " + message));
      }
      throw new Unresolved(
          Reason.REFERENCE_UNREACHABLE, "%s: %s", at, String.valueOf(e.getCause()));
    } finally {
      answer.cancel(true); // no effect once it has come
    }
  }

  private HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(timeout)
              .build();
    }
    return client;
  }
}
