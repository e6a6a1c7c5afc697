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
                + " false_promotion_rate: 0.05, long_run: false, blocks: 48, replay_mebibytes: 8, seed: 3}");
    assertThat(settings.streams().get(0).tuning())
        .isEqualTo(
            TuningSettings.OFF.with(
                t ->
                    t.every(12)
                        .atLeast(40)
                        .layers(Layers.LOW_RANK)
                        .rank(2)
                        .steps(9)
                        .budget(Duration.ofSeconds(10))
                        .learningRate(0.01)
                        .l2sp(0.5)
                        .climatologyYears(20)
                        .falsePromotionRate(0.05)
                        .longRun(false)
                        .blocks(48)
                        .replayMebibytes(8)
                        .seed(3)));
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

  @Test
  void anEquationIsRead() {
    assertThat(
            gridded(
                "{equation: advection-diffusion, variable: t2m, u: u10, v: -2.5, diffusivity: 1e4,"
                    + " weight: 0.5}"))
        .isEqualTo(
            new PhysicsSettings(
                PhysicsSettings.Equation.ADVECTION_DIFFUSION,
                "t2m",
                new PhysicsSettings.Wind("u10", 0),
                new PhysicsSettings.Wind("", -2.5),
                1e4,
                0,
                0.5));
    PhysicsSettings turning =
        gridded("{equation: barotropic-vorticity, variable: z_500, latitude: 45}");
    assertThat(turning.u()).isEqualTo(new PhysicsSettings.Wind("", 0));
    assertThat(turning.weight()).isEqualTo(1);
  }

  @Test
  void anEquationThatDoesNotFitTheStreamIsRefusedWithTheReason() {
    assertThatThrownBy(
            () -> parse("tuning: {physics: {equation: advection-diffusion, u: 1, v: 0}}"))
        .hasMessageContaining("tuning.physics")
        .hasMessageContaining("smnn gives all leads at once")
        .hasMessageContaining("leave 'physics' out");
    assertThatThrownBy(() -> gridded("{equation: advection-diffusion, u: wind, v: 0}"))
        .hasMessageContaining("'wind' is no variable of the stream");
    assertThatThrownBy(() -> gridded("{equation: advection-diffusion, u: t2m, v: 0}"))
        .hasMessageContaining("t2m [K] is no wind");
    assertThatThrownBy(() -> gridded("{equation: advection-diffusion}"))
        .hasMessageContaining("physics.u: missing")
        .hasMessageContaining("physics.v: missing");
    assertThatThrownBy(() -> gridded("{equation: heat, weight: 0}"))
        .hasMessageContaining("'heat' is not one of advection-diffusion, barotropic-vorticity")
        .hasMessageContaining("weight");
    assertThatThrownBy(() -> gridded("{equation: barotropic-vorticity, latitude: 45}"))
        .hasMessageContaining("t2m [K] is no geopotential");
    assertThatThrownBy(
            () -> gridded("{equation: barotropic-vorticity, variable: z_500, latitude: 3}"))
        .hasMessageContaining("beyond 10 degrees");
    assertThatThrownBy(() -> gridded("{equation: advection-diffusion, u: 1, v: 0}", "P1M", 9))
        .hasMessageContaining("not of one length");
    assertThatThrownBy(() -> gridded("{equation: advection-diffusion, u: 1, v: 0}", "PT6H", 4))
        .hasMessageContaining("4 x 24 cells");
  }

  private static PhysicsSettings gridded(String physics) {
    return gridded(physics, "PT6H", 9);
  }

  private static PhysicsSettings gridded(String physics, String step, int rows) {
    String yaml =
        """
        streams:
          - name: era5
            dataset: era5
            variables:
              - {name: t2m, units: K}
              - {name: u10, units: m s**-1}
              - {name: z_500, units: m**2 s**-2}
            grid: {rows: %d, columns: 24, north: 40, west: 0, row_step: 10, column_step: 15}
            step: %s
            horizon: 4
            model: m2no
            tuning: {physics: %s}
        """
            .formatted(rows, step, physics);
    return PipelineSettings.parse(yaml, name -> null).streams().get(0).tuning().physics();
  }

  private static PipelineSettings parse(String tuning) {
    return PipelineSettings.parse(STREAM + "    " + tuning + "\n", name -> null);
  }
}
