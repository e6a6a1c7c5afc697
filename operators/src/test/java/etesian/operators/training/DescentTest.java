package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescentTest {
  private static final Descent DESCENT =
      new Descent(400, TrainingSettings.UNLIMITED, 0.1, Schedule.COSINE, 1e9);

  /** (p - 3)^2, whose least value is known and needs no data. */
  @Test
  void itFindsTheLeastValue() {
    try (NDManager owner = Devices.newManager()) {
      NDArray p = owner.create(new float[] {0});
      List<Double> fractions = new ArrayList<>();
      Descent.Reached reached =
          DESCENT.run(
              Map.of("p", p),
              (scope, step) -> p.sub(3).square().sum(),
              (fraction, loss) -> fractions.add(fraction));
      assertThat(p.getFloat(0)).isCloseTo(3, within(1e-3f));
      assertThat(reached.steps()).isEqualTo(400);
      assertThat(reached.meanLoss()).isLessThan(1e-4);
      assertThat(fractions).hasSize(400).isSorted().endsWith(1.0);
    }
  }

  @Test
  void timeEndsIt() {
    try (NDManager owner = Devices.newManager()) {
      NDArray p = owner.create(new float[] {0});
      Descent brief = new Descent(100_000_000, Duration.ofMillis(50), 1, Schedule.CONSTANT, 1);
      int steps = brief.run(Map.of("p", p), (s, step) -> p.square().sum(), (f, l) -> {}).steps();
      assertThat(steps).isBetween(1, 99_999_999);
    }
  }

  @Test
  void aLossThatIsNoNumberEndsItBeforeItDoesHarm() {
    try (NDManager owner = Devices.newManager()) {
      NDArray p = owner.create(new float[] {1});
      assertThatThrownBy(
              () ->
                  DESCENT.run(
                      Map.of("p", p), (scope, step) -> p.mul(Float.NaN).sum(), (f, l) -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("step 0 is NaN");
      assertThat(p.getFloat(0)).isEqualTo(1);
    }
    assertThatThrownBy(() -> new Descent(0, Duration.ofSeconds(1), 1, Schedule.CONSTANT, 1))
        .hasMessageContaining("0 steps");
  }
}
