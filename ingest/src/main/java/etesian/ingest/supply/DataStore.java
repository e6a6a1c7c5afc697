package etesian.ingest.supply;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files from the data stores of Copernicus and ECMWF, which make a file on request: ask, wait in
 * the queue, download.
 *
 * <pre>
 * POST   URL/retrieve/v1/processes/DATASET/execution  {"inputs": {…}}   a job: {"jobID", "status", "links"}
 * GET    URL/retrieve/v1/jobs/ID                                        until its status is "successful"
 * GET    URL/retrieve/v1/jobs/ID/results        {"asset": {"value": {"href", "file:size", "file:checksum"}}}
 * GET    href                                                           the file, without the key
 * DELETE URL/retrieve/v1/jobs/ID                                        where wanted
 * </pre>
 *
 * <p>The key goes as {@code PRIVATE-TOKEN} to the origin of URL and nowhere else: redirections of
 * the API are not followed, links of a job only within the origin.
 *
 * <p>Source: the protocol that {@code cdsapi} from 0.7.2 on speaks, in
 * ecmwf/ecmwf-datastores-client, {@code ecmwf/datastores/processing.py}; the other side is
 * ecmwf-projects/cads-processing-api-service. The standard behind both is OGC API Processes 1.
 */
public final class DataStore {
  private static final Set<String> WAITING = Set.of("accepted", "running");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What may be done otherwise.
   *
   * @param deleteJob removes the job from the list of the user, once its file is here
   * @param checkMd5 refuses a file whose MD5 is not the announced one; see {@code Md5} for what a
   *     store announces
   */
  public record Options(boolean deleteJob, boolean checkMd5) {
    /** The job stays in the list; the sum is checked. */
    public static final Options USUAL = new Options(false, true);
  }

  private final Credentials credentials;
  private final Patience patience;
  private final FetchListener listener;
  private final Web api;
  private final Web files;

  public DataStore(Credentials credentials, Patience patience, FetchListener listener) {
    this.credentials = credentials;
    this.patience = patience;
    this.listener = listener;
    this.api = new Web(patience, HttpClient.Redirect.NEVER, listener);
    this.files = new Web(patience, HttpClient.Redirect.NORMAL, listener);
  }

  /**
   * Asks, waits and downloads, hours where the queue is long. A file of that name is replaced once
   * the new one is complete.
   *
   * @param name of the file without its ending, which follows what the store sends
   * @return {@code folder/name.nc}, or the ending of the format that was asked for
   * @throws SupplyException when the store refuses, with its reason and what to do
   */
  public Path fetch(DataRequest request, Path folder, String name, Options options)
      throws IOException, InterruptedException {
    URI job = submit(request);
    JsonNode last = waitFor(job);
    if (!"successful".equals(last.path("status").asText())) {
      throw failed(request, job, last);
    }
    URI results = resultsOf(job, last);
    JsonNode asset = results(request, results).path("asset").path("value");
    URI file = address(results, asset);
    Path target = folder.resolve(name + ending(file));
    Download.Expected expected =
        new Download.Expected(
            asset.path("file:size").asLong(-1),
            options.checkMd5() ? asset.path("file:checksum").asText("") : "");
    Optional<Long> bytes = new Download(files, listener, file, target, expected).run();
    if (bytes.isPresent()) {
      listener.fetched(target, bytes.get());
    } else {
      listener.unchanged(target); // a store keeps what it made, and gives it out again
    }
    if (options.deleteJob()) {
      delete(job);
    }
    return target;
  }

  private URI submit(DataRequest request) throws IOException, InterruptedException {
    byte[] body = JSON.writeValueAsBytes(Map.of("inputs", request.inputs()));
    URI execution =
        URI.create(
            credentials.url() + "/retrieve/v1/processes/" + request.dataset() + "/execution");
    Web.Answer answer =
        api.call(
            request(execution)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    if (answer.status() / 100 != 2) {
      throw refused(request, answer);
    }
    JsonNode job = json(answer);
    String id = job.path("jobID").asText();
    if (!id.matches("[A-Za-z0-9_-]+")) {
      throw refusal("%s gave no jobID: %s".formatted(execution, job));
    }
    tell("%s: job %s is %s".formatted(request.dataset(), id, status(job)));
    return link(job, "monitor").orElse(URI.create(credentials.url() + "/retrieve/v1/jobs/" + id));
  }

  /** Looks with growing pauses until the job is no longer accepted or running. */
  private JsonNode waitFor(URI job) throws IOException, InterruptedException {
    RetryPolicy<JsonNode> poll =
        RetryPolicy.<JsonNode>builder()
            .handleResultIf(state -> WAITING.contains(status(state)))
            .abortOn(Throwable.class)
            .withBackoff(patience.firstPoll(), patience.longestPoll(), 1.5)
            .withMaxRetries(-1)
            .build();
    String[] told = {""};
    return Web.run(
        poll,
        () -> {
          Web.Answer answer = api.call(request(job).GET().build());
          if (answer.status() != 200) {
            throw refusal("%s answered %d: %s".formatted(job, answer.status(), reason(answer)));
          }
          JsonNode state = json(answer);
          if (!status(state).equals(told[0])) {
            told[0] = status(state);
            tell("job is " + told[0]);
          }
          return state;
        });
  }

  private JsonNode results(DataRequest request, URI results)
      throws IOException, InterruptedException {
    Web.Answer answer = api.call(request(results).GET().build());
    if (answer.status() != 200) {
      throw refused(request, answer);
    }
    return json(answer);
  }

  private URI address(URI results, JsonNode asset) throws SupplyException {
    String href = asset.path("href").asText();
    try {
      URI file = results.resolve(href);
      if (!href.isEmpty() && Set.of("http", "https").contains(String.valueOf(file.getScheme()))) {
        return file;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw refusal("%s name no file that could be fetched: %s".formatted(results, asset));
  }

  /** The reason of a failure is what the results say instead of a file. */
  private SupplyException failed(DataRequest request, URI job, JsonNode last)
      throws InterruptedException {
    String reason;
    try {
      reason = reason(api.callOnce(request(resultsOf(job, last)).GET().build()));
    } catch (IOException e) {
      reason = "no reason is given";
    }
    return refusal(
        "%s: job %s is %s: %s"
            .formatted(request.dataset(), last.path("jobID").asText(), status(last), reason));
  }

  private void delete(URI job) throws InterruptedException {
    try {
      Web.Answer answer = api.callOnce(request(job).DELETE().build());
      if (answer.status() / 100 != 2) {
        tell("%s could not be deleted: %s".formatted(job, reason(answer)));
      }
    } catch (IOException e) {
      tell("%s could not be deleted: %s".formatted(job, Web.describe(e)));
    }
  }

  private SupplyException refused(DataRequest request, Web.Answer answer) throws IOException {
    String reason = reason(answer);
    String site = credentials.site();
    String message =
        switch (answer.status()) {
          case 401 ->
              "the key is not accepted (%s); the one that is valid stands at %s/profile"
                  .formatted(reason, site);
          case 403 ->
              Problem.of(answer.body()).isAboutLicences()
                  ? "%s: %s; accept its licences once, at %s/datasets/%s?tab=download#manage-licences"
                      .formatted(request.dataset(), reason, site, request.dataset())
                  : "%s: not allowed for this key (%s); see %s/profile"
                      .formatted(request.dataset(), reason, site);
          case 404 ->
              "%s: not known to %s (%s); the address of a dataset's page ends in its name"
                  .formatted(request.dataset(), site, reason);
          case 400, 422 -> "%s: the request is refused: %s".formatted(request.dataset(), reason);
          case 301, 302, 303, 307, 308 ->
              "%s has moved to %s; write its new url into .cdsapirc"
                  .formatted(
                      credentials.url(), answer.headers().firstValue("Location").orElse("?"));
          default -> "%s answered %d: %s".formatted(answer.uri(), answer.status(), reason);
        };
    return refusal(message);
  }

  private HttpRequest.Builder request(URI uri) {
    return api.request(uri)
        .header("PRIVATE-TOKEN", credentials.key())
        .header("Accept", "application/json");
  }

  private URI resultsOf(URI job, JsonNode state) {
    return link(state, "results").orElse(URI.create(job + "/results"));
  }

  /** A link that may be given the key: one of the same origin. */
  private Optional<URI> link(JsonNode state, String rel) {
    for (JsonNode link : state.path("links")) {
      if (rel.equals(link.path("rel").asText())) {
        try {
          URI href = credentials.url().resolve(link.path("href").asText());
          return Optional.of(href).filter(uri -> Origin.same(uri, credentials.url()));
        } catch (IllegalArgumentException e) {
          return Optional.empty(); // no address: the usual one serves
        }
      }
    }
    return Optional.empty();
  }

  private String reason(Web.Answer answer) throws IOException {
    return Problem.of(answer.body()).or("it answered " + answer.status() + " without a reason");
  }

  private static String status(JsonNode state) {
    return state.path("status").asText();
  }

  private JsonNode json(Web.Answer answer) throws IOException {
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException e) {
      String begin =
          new String(answer.body(), 0, Math.min(80, answer.body().length), StandardCharsets.UTF_8);
      // Without the cause, which would repeat the answer.
      throw refusal(
          "%s is no data store: it answers '%s', not JSON".formatted(answer.uri(), begin.strip()));
    }
  }

  /** All that is said goes through this or {@link #tell}: a server may repeat what it was sent. */
  private SupplyException refusal(String message) {
    return new SupplyException(credentials.withoutKey(message));
  }

  private void tell(String text) {
    listener.status(credentials.withoutKey(text));
  }

  private static String ending(URI file) {
    String path = String.valueOf(file.getPath());
    String last = path.substring(path.lastIndexOf('/') + 1);
    int dot = last.lastIndexOf('.');
    String ending = dot < 0 ? "" : last.substring(dot);
    return ending.matches("\\.[A-Za-z0-9]{1,8}") ? ending : ".nc";
  }
}
