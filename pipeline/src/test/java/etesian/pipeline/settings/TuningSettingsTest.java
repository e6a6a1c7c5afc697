package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.pipeline.settings.TuningSettings.Layers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TuningSettingsTest {
  private static final String STREAM =
      """
      streams:
        - name: sst
          dataset: sst
          variable: sst
          units: degree_C
          step: P1M
          history: 24
          horizon: 12
          model: smnn
      """;

  @Test
  void aStreamKeepsItsWeightsUnlessItIsAskedToLearn() {
    PipelineSettings settings = parse("");
    assertThat(settings.streams().get(0).tuning()).isEqualTo(TuningSettings.OFF);
    assertThat(TuningSettings.OFF.on()).isFalse();
    assertThat(settings.slotsNeeded()).isEqualTo(1);
  }

  @Test
  void everyKeyIsRead() {
    PipelineSettings settings =
        parse(
            "tuning: {every: 12, drift: false, at_least: 40, layers: low-rank, rank: 2, steps: 9,"
                + " budget: PT10S, rate: 0.01, l2_sp: 0.5, climatology_years: 20,"
                + " false_promotion_rate: 0.05, blocks: 48, replay_mebibytes: 8, seed: 3}");
    assertThat(settings.streams().get(0).tuning())
        .isEqualTo(
            new TuningSettings(
                12,
                false,
                40,
                Layers.LOW_RANK,
                2,
                9,
                Duration.ofSeconds(10),
                0.01,
                0.5,
                20,
                0.05,
                48,
                8,
                3));
    assertThat(settings.slotsNeeded()).as("learning has a slot of its own").isEqualTo(2);
  }

  @Test
  void whatMeansNothingIsRefused() {
    assertThatThrownBy(
            () -> parse("tuning: {layers: some, false_promotion_rate: 1, at_least: 3, ever: 1}"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("'some' is not one of all, last, low-rank")
        .hasMessageContaining("false_promotion_rate")
        .hasMessageContaining("at_least")
        .hasMessageContaining("every");
  }

  private static PipelineSettings parse(String tuning) {
    return PipelineSettings.parse(STREAM + "    " + tuning + "\n", name -> null);
  }
}
