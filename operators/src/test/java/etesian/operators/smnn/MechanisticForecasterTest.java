package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MechanisticForecasterTest {
  private static final Mechanism FAST_AND_SLOW =
      new Mechanism(
          List.of(
              new Mode(Law.RELAXATION, 0.5, 0, 2, 1, 0.5),
              new Mode(Law.RELAXATION, 0.03125, 0, 0.5, 4, 0.5)));

  @Test
  void aStrictRelaxationGoesOnDecaying() {
    Mechanism decay = new Mechanism(List.of(new Mode(Law.RELAXATION, 0.1, 0, 1, 100, 1e-3)));
    float[] out = forecast(decay, 20, 12, t -> Math.exp(-0.1 * t));
    for (int lead = 0; lead < 12; lead++) {
      assertThat(out[lead]).isCloseTo((float) Math.exp(-0.1 * (20 + lead)), within(2e-3f));
    }
  }

  @Test
  void aStrictOscillationGoesOnSwinging() {
    double f = 2 * Math.PI / 48;
    Mechanism swing = new Mechanism(List.of(new Mode(Law.OSCILLATION, 0.01, f, 1, 1000, 1e-3)));
    float[] out = forecast(swing, 60, 24, t -> Math.exp(-0.01 * t) * Math.cos(f * t));
    for (int lead = 0; lead < 24; lead++) {
      double t = 60 + lead;
      assertThat(out[lead])
          .isCloseTo((float) (Math.exp(-0.01 * t) * Math.cos(f * t)), within(0.03f));
    }
  }

  private interface Signal {
    double at(int t);
  }

  private static float[] forecast(Mechanism mechanism, int history, int horizon, Signal signal) {
    float[] in = new float[history];
    for (int t = 0; t < history; t++) {
      in[t] = (float) signal.at(t);
    }
    try (MechanisticForecaster forecaster =
        new MechanisticForecaster(mechanism, history, horizon)) {
      return forecaster.apply(new Tensor(in, 1, history, 1, 1)).values();
    }
  }

  @Test
  void eachCellOfEachBatchElementIsForecastByItself() {
    try (MechanisticForecaster forecaster = new MechanisticForecaster(FAST_AND_SLOW, 6, 3)) {
      float[] values = new float[2 * 6 * 2 * 5];
      int cell = 7; // of 10, in batch element 1
      for (int j = 0; j < 6; j++) {
        values[(6 + j) * 10 + cell] = j + 1;
      }
      Tensor out = forecaster.apply(new Tensor(values, 2, 6, 2, 5));
      float[] alone = forecast(FAST_AND_SLOW, 6, 3, t -> t + 1);
      assertThat(out.shape()).containsExactly(2, 3, 2, 5);
      for (int i = 0; i < out.values().length; i++) {
        boolean here = i >= 30 && i % 10 == cell;
        assertThat(out.values()[i]).isEqualTo(here ? alone[i / 10 - 3] : 0);
      }
    }
  }

  @Test
  void theMapOfUnitHistoriesIsTheSolutionOfTheWholeSystem() {
    Response response = new Response(FAST_AND_SLOW, 6, 3);
    double[][] map = response.matrix();
    float[] out = forecast(FAST_AND_SLOW, 6, 3, t -> 1 + t * t);
    for (int lead = 0; lead < 3; lead++) {
      double sum = 0;
      for (int j = 0; j < 6; j++) {
        sum += map[lead][j] * (1 + j * j);
      }
      assertThat((double) out[lead]).isCloseTo(sum, within(1e-5));
    }
  }

  @Test
  void weightsBuildTheSameOperatorAgain() {
    MechanisticForecaster forecaster = new MechanisticForecaster(FAST_AND_SLOW, 6, 3);
    MechanisticForecaster again = MechanisticForecaster.of(forecaster.weights());
    assertThat(again.mechanism()).isEqualTo(FAST_AND_SLOW);
    assertThat(again.weights()).isEqualTo(forecaster.weights());
    assertThat(again.inputChannels()).isEqualTo(6);
    assertThat(again.outputChannels()).isEqualTo(3);
  }

  @Test
  void theMechanismReadsAsPhysics() {
    Mode swing = new Mode(Law.OSCILLATION, 0.03, 0.04, 1, 1, 1);
    assertThat(swing.eFoldingSteps()).isCloseTo(33.3, within(0.1));
    assertThat(swing.periodSteps()).isCloseTo(157.1, within(0.1));
    assertThat(swing.damping()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void weightsOfAnotherArchitectureAreRefused() {
    Weights other = new Weights(Map.of("architecture", "m2no"), Map.of());
    assertThatThrownBy(() -> MechanisticForecaster.of(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'m2no'");
  }
}
