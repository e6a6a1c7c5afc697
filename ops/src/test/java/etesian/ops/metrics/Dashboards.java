package etesian.ops.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the dashboards and the alerts ask Prometheus. */
public final class Dashboards {
  private static final Path GRAFANA = Path.of("grafana", "dashboards");
  private static final Path RULES = Path.of("prometheus", "rules.yml");
  private static final Pattern METRIC = Pattern.compile("\\b(etesian|flink)_[a-zA-Z_]+");

  /** A query of a panel, or an alert. */
  public record Query(String where, String expression) {
    /** As Grafana would send it, with everything chosen that can be chosen. */
    public String filledIn() {
      return expression
          .replace("$__rate_interval", "30s")
          .replace("$__range", "10m")
          .replaceAll("=~?\"\\$[a-z]+\"", "=~\".+\"");
    }

    /** Names of the metrics in it. */
    public Set<String> metrics() {
      Set<String> names = new TreeSet<>();
      Matcher matcher =
          METRIC.matcher(expression.replaceAll("[a-z]+:etesian_[a-z_]+:[a-z0-9]+", ""));
      while (matcher.find()) {
        names.add(matcher.group());
      }
      return names;
    }
  }

  private Dashboards() {}

  /** Every query of every panel of every dashboard. */
  public static List<Query> panels() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (Path file : files()) {
      JsonNode board = new ObjectMapper().readTree(file.toFile());
      for (JsonNode panel : board.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(
              new Query(
                  board.path("title").asText() + " / " + panel.path("title").asText(),
                  target.path("expr").asText()));
        }
      }
    }
    return queries;
  }

  /** The expressions of the alerts and the recording rules. */
  public static List<Query> rules() throws IOException {
    List<Query> queries = new ArrayList<>();
    JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(RULES.toFile());
    for (JsonNode group : root.path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        String name = rule.path("alert").asText(rule.path("record").asText());
        queries.add(new Query(name, rule.path("expr").asText()));
      }
    }
    return queries;
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(GRAFANA)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    }
  }
}
