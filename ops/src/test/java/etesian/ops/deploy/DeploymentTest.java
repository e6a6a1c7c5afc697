package etesian.ops.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import etesian.ops.cli.Etesian;
import etesian.ops.embedded.Ports;
import etesian.ops.run.ClusterJob;
import etesian.pipeline.settings.PipelineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;

/**
 * What cannot be run everywhere, containers and Kubernetes, is held against the code: the same
 * version of Flink, class, ports, paths, settings and rules.
 */
class DeploymentTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path COMPOSE = Path.of("compose");

  private static final JsonNode SERVICES = yaml(COMPOSE.resolve("compose.yaml")).path("services");
  private static final JsonNode DEPLOYMENT = yaml(Path.of("kubernetes", "flinkdeployment.yaml"));

  @Test
  void everyServiceDependsOnServicesThatAreThereAndReportTheStateThatIsAskedFor() {
    SERVICES
        .fields()
        .forEachRemaining(
            service ->
                service
                    .getValue()
                    .path("depends_on")
                    .fields()
                    .forEachRemaining(
                        on -> {
                          JsonNode needed = SERVICES.path(on.getKey());
                          assertThat(needed.isObject()).as(on.getKey()).isTrue();
                          if (on.getValue().path("condition").asText().equals("service_healthy")) {
                            assertThat(needed.has("healthcheck")).as(on.getKey()).isTrue();
                          }
                        }));
  }

  @Test
  void everyFileAndVolumeThatAServiceMountsIsThere() {
    Set<String> volumes = new HashSet<>();
    yaml(COMPOSE.resolve("compose.yaml"))
        .path("volumes")
        .fieldNames()
        .forEachRemaining(volumes::add);
    Set<String> used = new TreeSet<>();
    SERVICES.forEach(
        service -> service.path("volumes").forEach(v -> used.add(v.asText().split(":")[0])));
    assertThat(used)
        .isNotEmpty()
        .allSatisfy(
            source -> {
              if (source.startsWith(".")) {
                assertThat(COMPOSE.resolve(source)).exists();
              } else {
                assertThat(volumes).contains(source);
              }
            });
  }

  @Test
  void portsAreThoseOfTheDocumentsAndOnLoopbackOnly() {
    List<String> published = new ArrayList<>();
    SERVICES.forEach(service -> service.path("ports").forEach(p -> published.add(p.asText())));
    assertThat(published).isNotEmpty().allSatisfy(p -> assertThat(p).startsWith("127.0.0.1:"));
    assertThat(published).contains("127.0.0.1:" + Ports.FLINK + ":" + Ports.FLINK);
  }

  @Test
  void theJobIsTheSameEverywhere() throws IOException {
    String flink = EnvironmentInformation.getVersion();
    String docker = Files.readString(COMPOSE.resolve("Dockerfile"));
    assertThat(docker).contains("FROM flink:" + flink + "-java17");
    assertThat(DEPLOYMENT.path("spec").path("flinkVersion").asText())
        .isEqualTo("v" + flink.replaceAll("\\.\\d+$", "").replace('.', '_'));
    JsonNode job = DEPLOYMENT.path("spec").path("job");
    assertThat(job.path("entryClass").asText()).isEqualTo(ClusterJob.class.getName());
    assertThat(SERVICES.path("jobmanager").path("command").asText())
        .contains("--job-classname " + ClusterJob.class.getName() + " ");
    String jar = job.path("jarURI").asText().replace("local://", "");
    assertThat(docker).contains(" " + jar);
  }

  @Test
  void imagesHaveTheVersionOfTheProject() throws IOException {
    String version = yamlVersion();
    assertThat(DEPLOYMENT.path("spec").path("image").asText())
        .isEqualTo("etesian-flink:" + version);
    assertThat(SERVICES.path("taskmanager").path("image").asText())
        .isEqualTo("etesian-flink:" + version);
    assertThat(Files.readString(COMPOSE.resolve("Dockerfile"))).contains("ops-" + version + ".jar");
  }

  @Test
  void commandsOfTheContainersAreCommandsOfOurs() {
    Set<String> commands = Etesian.commandLine().getSubcommands().keySet();
    for (String service : List.of("sample", "train", "producer", "console")) {
      List<String> words = new ArrayList<>();
      SERVICES.path(service).path("command").forEach(word -> words.add(word.asText()));
      assertThat(commands).contains(words.get(0));
      Set<String> options =
          Etesian.commandLine()
              .getSubcommands()
              .get(words.get(0))
              .getCommandSpec()
              .optionsMap()
              .keySet();
      assertThat(words.stream().filter(word -> word.startsWith("-")))
          .as(service)
          .isSubsetOf(options);
    }
  }

  @Test
  void settingsOfTheContainersAreValid() {
    PipelineSettings settings = PipelineSettings.read(COMPOSE.resolve("etesian.yaml"));
    String broker =
        SERVICES.path("kafka").path("environment").path("KAFKA_ADVERTISED_LISTENERS").asText();
    assertThat(broker).contains("PLAINTEXT://" + settings.kafka().brokers());
    assertThat(settings.streams()).hasSize(2);
  }

  @Test
  void metricsAreRenamedInTheSameWayEverywhere() {
    JsonNode ours = relabelling(yaml(Path.of("prometheus", "prometheus.yml")));
    JsonNode composed = relabelling(yaml(COMPOSE.resolve("prometheus.yml")));
    JsonNode pods =
        yaml(Path.of("kubernetes", "podmonitor.yaml"))
            .path("spec")
            .path("podMetricsEndpoints")
            .get(0)
            .path("metricRelabelings");
    assertThat(composed).isEqualTo(ours);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(pods.get(i).path("regex")).isEqualTo(ours.get(i).path("regex"));
      assertThat(pods.get(i).path("replacement")).isEqualTo(ours.get(i).path("replacement"));
    }
  }

  @Test
  void everyProcessThatIsWatchedReportsOnThePortThatIsAsked() {
    String port = Integer.toString(Ports.PROMETHEUS);
    JsonNode configuration = DEPLOYMENT.path("spec").path("flinkConfiguration");
    assertThat(configuration.path("metrics.reporter.prometheus.port").asText()).isEqualTo(port);
    assertThat(yaml(COMPOSE.resolve("compose.yaml")).path("x-flink-properties").asText())
        .contains("metrics.reporter.prometheus.port: " + port);
    assertThat(yaml(COMPOSE.resolve("prometheus.yml")).findValue("port").asText()).isEqualTo(port);
  }

  @Test
  void theProcessesAroundTheJobAnswerWherePrometheusAsks() {
    for (JsonNode job : yaml(COMPOSE.resolve("prometheus.yml")).path("scrape_configs")) {
      for (JsonNode target : job.path("static_configs").path(0).path("targets")) {
        String[] place = target.asText().split(":");
        String command = SERVICES.path(place[0]).path("command").toString();
        assertThat(command).as(target.asText()).contains("port\",\"" + place[1], "0.0.0.0");
      }
    }
    assertThat(SERVICES.path("console").path("command").toString())
        .as("the console answers to names that it knows")
        .contains("\"--allow-host\",\"console\"");
  }

  @Test
  void everyKubernetesObjectSaysWhatItIs() throws IOException {
    try (var files = Files.list(Path.of("kubernetes"))) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              file -> {
                try (YAMLParser parser = new YAMLFactory().createParser(file.toFile())) {
                  Iterator<JsonNode> documents = YAML.readValues(parser, JsonNode.class);
                  assertThat(documents)
                      .toIterable()
                      .isNotEmpty()
                      .allSatisfy(d -> assertThat(d.path("kind").asText()).isNotEmpty())
                      .allSatisfy(d -> assertThat(d.path("apiVersion").asText()).isNotEmpty());
                }
              });
    }
  }

  private static JsonNode relabelling(JsonNode prometheus) {
    return prometheus.path("scrape_configs").get(0).path("metric_relabel_configs");
  }

  private static String yamlVersion() throws IOException {
    return Files.readString(Path.of("pom.xml"))
        .replaceAll("(?s).*?<version>([^<]+)</version>.*", "$1");
  }

  private static JsonNode yaml(Path file) {
    try {
      // Anchors and merge keys: through plain maps, as Jackson alone leaves "<<" as it is.
      Object plain = new org.yaml.snakeyaml.Yaml().load(Files.readString(file));
      return YAML.valueToTree(plain instanceof Map ? plain : Map.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
