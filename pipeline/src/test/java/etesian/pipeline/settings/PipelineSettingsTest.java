package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Grid;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineSettingsTest {
  private static final String SST =
      """
      streams:
        - name: sst
          dataset: sst
          variable: sst
          units: degC
          step: P1M
          history: 36
          horizon: 12
          model: smnn
          grid: {rows: 19, columns: 51, north: 60, west: 120, row_step: 2, column_step: 2}
      """;

  @Test
  void aStreamIsReadWithItsDefaults() {
    PipelineSettings settings = parse(SST);
    assertThat(settings.kafka().embedded()).isTrue();
    assertThat(settings.checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
    StreamSettings sst = settings.streams().get(0);
    assertThat(sst.grid()).isEqualTo(new Grid(19, 51, 60, 120, 2, 2));
    assertThat(sst.verifyLeads()).hasSize(12);
    assertThat(sst.issueEvery()).isEqualTo(1);
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    String broken =
        SST.replace("horizon: 12", "horizont: 12")
            .replace("step: P1M", "step: monthly")
            .replace("smnn", "gpt");
    assertThatThrownBy(() -> parse(broken))
        .isInstanceOfSatisfying(
            SettingsException.class,
            e ->
                assertThat(e.problems())
                    .anySatisfy(
                        p -> assertThat(p).contains("horizont").contains("did you mean 'horizon'?"))
                    .anySatisfy(p -> assertThat(p).contains("'monthly'").contains("P1M"))
                    .anySatisfy(p -> assertThat(p).contains("'gpt'").contains("m2no, smnn"))
                    .anySatisfy(p -> assertThat(p).contains("horizon: missing")));
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNeverPrinted() {
    String secured =
        """
        kafka:
          brokers: broker:9093
          properties:
            security.protocol: SASL_SSL
            sasl.jaas.config: ${env:JAAS}
        """
            + SST;
    KafkaSettings kafka =
        PipelineSettings.parse(secured, Map.of("JAAS", "password=secret")::get).kafka();
    assertThat(kafka.client()).containsEntry("sasl.jaas.config", "password=secret");
    assertThat(kafka.toString()).contains("sasl.jaas.config").doesNotContain("secret");
    assertThatThrownBy(() -> parse(secured)).hasMessageContaining("JAAS is not set");
  }

  @Test
  void aTransactionOutlivesACheckpoint() {
    assertThatThrownBy(() -> parse("kafka: {transaction_timeout: PT15S}\n" + SST))
        .hasMessageContaining("transaction_timeout");
  }

  private static PipelineSettings parse(String yaml) {
    return PipelineSettings.parse(yaml, name -> null);
  }
}
