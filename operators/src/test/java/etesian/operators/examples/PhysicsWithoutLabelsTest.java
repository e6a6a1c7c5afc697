package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Devices;
import etesian.operators.examples.PhysicsWithoutLabels.Result;
import etesian.operators.examples.PhysicsWithoutLabels.Settings;
import etesian.operators.examples.PhysicsWithoutLabels.Way;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhysicsWithoutLabelsTest {

  @Test
  void theWorldCarriesAWaveAndSpreadsIt() {
    int n = 16;
    CarriedTracer world = new CarriedTracer(n, 0.7, -0.4, 0, 0.05);
    double k = 2 * Math.PI / n;
    double[] wave = new double[n * n];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = Math.sin(k * (2 * (i % n) + i / n));
    }
    double[] next = world.after(wave);
    double decay = Math.exp(-0.05 * 5 * k * k);
    for (int i = 0; i < wave.length; i++) {
      int row = i / n;
      double exact = decay * Math.sin(k * (2 * (i % n - 0.7) + row + 0.4));
      assertThat(next[i]).isCloseTo(exact, within(1e-6));
    }
  }

  @Test
  void anEddyingFlowKeepsTheMeanAndAFieldBeginsWithAVarianceOfOne() {
    CarriedTracer world = new CarriedTracer(12, 0.3, 0.2, 0.5, 0.02);
    Random random = new Random(1);
    double variance = 0;
    for (int draw = 0; draw < 200; draw++) {
      double[] field = world.draw(random);
      double mean = mean(field);
      for (double value : field) {
        variance += (value - mean) * (value - mean) / field.length / 200;
      }
      if (draw == 0) {
        assertThat(mean(world.after(field))).isCloseTo(mean, within(1e-9));
      }
    }
    assertThat(variance).isCloseTo(1, within(0.1));
  }

  @Test
  void everyWayIsComparedAndTheGateDecidesWhoForecasts() {
    Devices.setThreads(1);
    Settings small = new Settings(8, List.of(4), 16, 4, List.of(1, 2), 2, 20, 1, List.of(1));
    List<Result> results = PhysicsWithoutLabels.run(small, done -> {});
    assertThat(results).extracting(Result::way).containsExactlyInAnyOrder(Way.values());
    assertThat(of(results, Way.LABELS_AND_PHYSICS).rmse().get(0))
        .isLessThan(of(results, Way.BEFORE_THE_TURN).rmse().get(0));
    Result gated = of(results, Way.NO_TURN_WRONG_PHYSICS_GATED);
    assertThat(gated.rmse())
        .isEqualTo(
            of(results, gated.dropped() == 1 ? Way.NO_TURN : Way.NO_TURN_WRONG_PHYSICS).rmse());
    assertThat(of(results, Way.LABELS).dropped()).as("no gate was asked").isEqualTo(-1);
  }

  private static Result of(List<Result> results, Way way) {
    return results.stream().filter(result -> result.way() == way).findFirst().orElseThrow();
  }

  private static double mean(double[] field) {
    double sum = 0;
    for (double value : field) {
      sum += value;
    }
    return sum / field.length;
  }
}
