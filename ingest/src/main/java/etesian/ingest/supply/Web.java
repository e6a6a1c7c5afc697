package etesian.ingest.supply;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/** HTTP with patience: what may pass is tried again, everything has a time limit. */
final class Web {
  /** The largest listing or JSON answer that is read; files are streamed and have no limit. */
  static final int LARGEST_ANSWER_BYTES = 32 << 20;

  /** Statuses of a server that is busy or broken for the moment. */
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  /** For Failsafe a negative pause means the one of the back-off. */
  private static final Duration OUR_OWN = Duration.ofNanos(-1);

  /** An answer that was read to its end. */
  record Answer(int status, URI uri, HttpHeaders headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** One try. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  private final HttpClient client;
  private final Patience patience;
  private final FetchListener listener;

  /**
   * @param redirect {@link HttpClient.Redirect#NEVER} where a request holds a key: the JDK would
   *     take the header along to wherever the server points
   */
  Web(Patience patience, HttpClient.Redirect redirect, FetchListener listener) {
    this.patience = patience;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(patience.silence())
            .followRedirects(redirect)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri)
        .timeout(patience.silence())
        .header("User-Agent", "etesian")
        .header("Accept-Encoding", "identity");
  }

  /** An answer of any lasting status; what may pass is tried again. */
  Answer call(HttpRequest request) throws IOException, InterruptedException {
    return persist(
        () -> {
          HttpResponse<InputStream> response = open(request);
          return read(response);
        });
  }

  /** An answer of any status, tried once. */
  Answer callOnce(HttpRequest request) throws IOException, InterruptedException {
    return read(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
  }

  /**
   * One try, whose body is still to be read.
   *
   * @throws TransientFailure when the server cannot be reached or is busy
   */
  HttpResponse<InputStream> open(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (SSLHandshakeException e) {
      throw new SupplyException(
          request.uri().getHost() + " has no certificate that is trusted: " + e.getMessage(), e);
    } catch (IOException e) {
      throw TransientFailure.of(request.uri() + " cannot be reached: " + describe(e), e);
    }
    if (PASSING.contains(response.statusCode())) {
      response.body().close();
      throw TransientFailure.busy(
          request.uri() + " answered " + response.statusCode(),
          retryAfter(response.headers(), Instant.now()));
    }
    return response;
  }

  /** The body, with the time limit of a silence. */
  InputStream body(HttpResponse<InputStream> response) {
    return new Watched(response.body(), patience.silence());
  }

  private Answer read(HttpResponse<InputStream> response) throws IOException {
    byte[] body;
    try (InputStream in = body(response)) {
      body = in.readNBytes(LARGEST_ANSWER_BYTES + 1);
    } catch (IOException e) {
      throw TransientFailure.of(response.uri() + " broke off: " + describe(e), e);
    }
    if (body.length > LARGEST_ANSWER_BYTES) {
      throw new SupplyException(
          response.uri() + " answers with more than " + LARGEST_ANSWER_BYTES + " bytes");
    }
    return new Answer(response.statusCode(), response.uri(), response.headers(), body);
  }

  /**
   * Tries until it succeeds, fails for good, or has failed {@link Patience#attempts} times in a row
   * without any gain.
   */
  <T> T persist(Attempt<T> attempt) throws IOException, InterruptedException {
    RetryPolicy<T> again =
        RetryPolicy.<T>builder()
            .handle(TransientFailure.class)
            .withMaxRetries(-1) // counted below, where progress is known
            .withBackoff(patience.firstPause(), patience.longestPause(), 2)
            .withJitter(0.1)
            .withDelayFnOn(
                context -> asked(context.getLastException()).orElse(OUR_OWN),
                TransientFailure.class)
            .onRetryScheduled(
                event ->
                    listener.status(
                        "%s; trying again in %.1f s"
                            .formatted(
                                event.getLastException().getMessage(),
                                event.getDelay().toMillis() / 1e3)))
            .build();
    return run(again, counted(attempt));
  }

  /** As {@link Failsafe} does it, with the exceptions as they were thrown. */
  static <T> T run(RetryPolicy<T> policy, Attempt<T> attempt)
      throws IOException, InterruptedException {
    try {
      CheckedSupplier<T> supplier = attempt::run;
      return Failsafe.with(policy).get(supplier);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw e;
    }
  }

  private <T> Attempt<T> counted(Attempt<T> attempt) {
    int[] inVain = {0};
    return () -> {
      try {
        return attempt.run();
      } catch (TransientFailure e) {
        inVain[0] = e.progressed() ? 0 : inVain[0] + 1;
        if (inVain[0] >= patience.attempts()) {
          throw new SupplyException(
              "%s; given up after %d attempts".formatted(e.getMessage(), inVain[0]), e);
        }
        throw e;
      }
    };
  }

  private Optional<Duration> asked(Throwable failure) {
    return failure instanceof TransientFailure busy
        ? busy.retryAfter()
            .map(
                wait ->
                    wait.compareTo(patience.longestPause()) > 0 ? patience.longestPause() : wait)
        : Optional.empty();
  }

  /** {@code Retry-After} in both its forms: seconds, or a date (RFC 9110, 10.2.3). */
  static Optional<Duration> retryAfter(HttpHeaders headers, Instant now) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
    } catch (DateTimeException e) {
      return Optional.empty(); // absent or unreadable: our own pause
    }
  }

  /** The media type without its parameters, in lower case; empty when the server says none. */
  static String mediaType(HttpHeaders headers) {
    return headers
        .firstValue("Content-Type")
        .orElse("")
        .split(";", 2)[0]
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  static boolean isPage(HttpHeaders headers) {
    return Set.of("text/html", "application/xhtml+xml").contains(mediaType(headers));
  }

  /** Exceptions of the JDK's client often have no message. */
  static String describe(IOException e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }
}
