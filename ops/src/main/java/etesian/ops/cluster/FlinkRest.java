package etesian.ops.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.flink.api.common.JobID;

/** What a running Flink says of itself through its REST interface. */
public final class FlinkRest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String CAUSE = "Caused by: ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI page;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * @param page of the JobManager, {@code http://host:port}
   */
  public FlinkRest(URI page) {
    this.page = page;
  }

  public URI page() {
    return page;
  }

  /**
   * @param slots of all TaskManagers
   * @param freeSlots that no job holds
   */
  record Overview(int taskManagers, int slots, int freeSlots) {}

  Overview overview() throws IOException {
    JsonNode found = get("/overview");
    return new Overview(
        found.path("taskmanagers").asInt(),
        found.path("slots-total").asInt(),
        found.path("slots-available").asInt());
  }

  String version() throws IOException {
    return get("/config").path("flink-version").asText();
  }

  /** Class path of the JobManager; empty when it does not tell. */
  List<String> classPath() throws IOException {
    List<String> entries = new ArrayList<>();
    get("/jobmanager/environment").path("classpath").forEach(entry -> entries.add(entry.asText()));
    return entries;
  }

  record Job(String id, String name, String state) {
    boolean hasEnded() {
      return List.of("FINISHED", "CANCELED", "FAILED").contains(state);
    }
  }

  List<Job> jobs() throws IOException {
    List<Job> jobs = new ArrayList<>();
    get("/jobs/overview")
        .path("jobs")
        .forEach(
            job ->
                jobs.add(
                    new Job(
                        job.path("jid").asText(),
                        job.path("name").asText(),
                        job.path("state").asText())));
    return jobs;
  }

  /** State of a job, as {@code RUNNING}. */
  public String state(JobID job) throws IOException {
    return get("/jobs/" + job).path("state").asText();
  }

  /** Whether every task of a job runs, or has run. */
  public boolean everyTaskRuns(JobID job) throws IOException {
    JsonNode found = get("/jobs/" + job);
    boolean all = found.path("state").asText().equals("RUNNING");
    for (JsonNode station : found.path("vertices")) {
      all &= List.of("RUNNING", "FINISHED").contains(station.path("status").asText());
    }
    return all;
  }

  /** Whether a task of a job still waits for a slot. */
  boolean anyTaskWaits(JobID job) throws IOException {
    for (JsonNode station : get("/jobs/" + job).path("vertices")) {
      if (List.of("CREATED", "SCHEDULED").contains(station.path("status").asText())) {
        return true;
      }
    }
    return false;
  }

  /** Why the job failed last: what was thrown and its innermost cause; empty when it did not. */
  public String failure(JobID job) throws IOException {
    JsonNode newest = get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries");
    List<String> lines = newest.path(0).path("stacktrace").asText().lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith(CAUSE))
        .reduce((before, last) -> last)
        .map(line -> lines.get(0) + "; " + line.substring(CAUSE.length()))
        .orElse(lines.isEmpty() ? "" : lines.get(0));
  }

  /** A checkpoint that is complete. */
  public record Checkpoint(long id, Instant triggered, Instant completed) {}

  /** The newest ones. */
  public List<Checkpoint> checkpoints(JobID job) throws IOException {
    List<Checkpoint> complete = new ArrayList<>();
    for (JsonNode checkpoint : get("/jobs/" + job + "/checkpoints").path("history")) {
      if (checkpoint.path("status").asText().equals("COMPLETED")) {
        complete.add(
            new Checkpoint(
                checkpoint.path("id").asLong(),
                Instant.ofEpochMilli(checkpoint.path("trigger_timestamp").asLong()),
                Instant.ofEpochMilli(checkpoint.path("latest_ack_timestamp").asLong())));
      }
    }
    return complete;
  }

  /**
   * A metric of a station of a job.
   *
   * @param ending of its name
   * @return empty when there is none yet: the first question makes the JobManager ask
   */
  public OptionalDouble metric(JobID job, String ending) throws IOException {
    for (JsonNode station : get("/jobs/" + job).path("vertices")) {
      String metrics = "/jobs/" + job + "/vertices/" + station.path("id").asText() + "/metrics";
      for (JsonNode metric : get(metrics)) {
        String id = metric.path("id").asText();
        if (id.endsWith(ending)) {
          JsonNode value = get(metrics + "?get=" + URLEncoder.encode(id, UTF_8)).path(0);
          return OptionalDouble.of(Double.parseDouble(value.path("value").asText()));
        }
      }
    }
    return OptionalDouble.empty();
  }

  private JsonNode get(String path) throws IOException {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(page.resolve(path)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(page.resolve(path) + " answers with status " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + page, e);
    }
  }
}
