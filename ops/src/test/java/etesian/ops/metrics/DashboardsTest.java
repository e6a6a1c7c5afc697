package etesian.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.pipeline.metrics.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DashboardsTest {
  private static final Set<String> CATALOGUE =
      Arrays.stream(Metric.values()).map(Metric::prometheusName).collect(Collectors.toSet());

  @Test
  void panelsAndAlertsAskForMetricsOfTheCatalogueOnly() throws Exception {
    List<Dashboards.Query> all = new ArrayList<>(Dashboards.panels());
    all.addAll(Dashboards.rules());
    assertThat(all)
        .allSatisfy(
            query ->
                assertThat(query.metrics())
                    .as(query.where())
                    .filteredOn(name -> name.startsWith("etesian_"))
                    .isSubsetOf(CATALOGUE));
  }

  @Test
  void everyMetricOfTheCatalogueIsOnADashboard() throws Exception {
    Set<String> shown = new TreeSet<>();
    for (Dashboards.Query query : Dashboards.panels()) {
      shown.addAll(query.metrics());
    }
    assertThat(CATALOGUE).isSubsetOf(shown);
  }

  @Test
  void dashboardsHaveTheirOwnIdAndAskTheProvisionedDataSource() throws Exception {
    Set<String> ids = new HashSet<>();
    for (Path file : Dashboards.files()) {
      JsonNode board = new ObjectMapper().readTree(file.toFile());
      assertThat(ids.add(board.path("uid").asText())).as("uid of %s", file).isTrue();
      for (JsonNode panel : board.path("panels")) {
        assertThat(panel.path("description").asText())
            .as(panel.path("title").asText())
            .isNotBlank();
        assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("prometheus");
      }
    }
  }

  @Test
  void alertsFireWhenTheyShould() throws Exception {
    Process tests;
    try {
      tests =
          new ProcessBuilder("promtool", "test", "rules", "rules_test.yml")
              .directory(Path.of("prometheus").toFile())
              .redirectErrorStream(true)
              .start();
    } catch (java.io.IOException e) {
      Assumptions.abort("promtool is not installed (Debian package prometheus): " + e);
      return;
    }
    String said =
        new String(tests.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(tests.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tests.exitValue()).as(said).isZero();
  }
}
