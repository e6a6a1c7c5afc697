package etesian.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.operators.smnn.Coefficients;
import etesian.operators.smnn.EncoderTrainer;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A sea whose west forgets within a step and whose east remembers for twenty. */
class MechanismMapsTest {
  private static final int HISTORY = 8;
  private static final int HORIZON = 4;
  private static final int TIMES = 400;
  private static final Grid GRID = new Grid(4, 8, 40, 0, 1, 1);
  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final TimeStep WEEK = new TimeStep.Fixed(Duration.ofDays(7));
  private static final StreamCard CARD =
      new StreamCard(List.of(new StreamVariable("sst", "K")), GRID, WEEK, HISTORY);

  private static final List<float[]> SEA = sea();
  private static final Standardiser STANDARDISER =
      Standardiser.fit(
          new Harmonics(1, 0),
          1,
          IntStream.range(0, TIMES).mapToObj(t -> WEEK.plus(START, t)).toList(),
          SEA);
  private static final MechanisticForecaster SAME_EVERYWHERE =
      new MechanisticForecaster(
          new Mechanism(List.of(new Mechanism.Mode(Mechanism.Law.RELAXATION, 0.25, 0, 1, 1, 0.1))),
          HISTORY,
          HORIZON);

  @Test
  void anEncoderTellsCellsThatRememberFromCellsThatForget() {
    MechanismMaps maps = MechanismMaps.of(complete(encoded())).orElseThrow();

    assertThat(maps.differByCell()).isTrue();
    assertThat(maps.names()).containsExactly("relaxation_1.e_folding_steps", "relaxation_1.target");
    Coefficients read = maps.at(SEA.subList(TIMES - HISTORY, TIMES), WEEK.plus(START, TIMES - 1));

    assertThat(read.values().shape()).containsExactly(1, 2, GRID.rows(), GRID.columns());
    assertThat(mean(read, 0, GRID.columns() / 2))
        .as("e-folding steps in the west, then in the east")
        .isLessThan(mean(read, GRID.columns() / 2, GRID.columns()));
  }

  @Test
  void whatIsMissingInTheNewestFieldOrCannotBeIsMissingInTheMaps() {
    List<float[]> frames = new ArrayList<>(SEA.subList(0, HISTORY));
    float[] newest = frames.get(HISTORY - 1).clone();
    newest[5] = Float.NaN;
    newest[7] = -9999;
    frames.set(HISTORY - 1, newest);

    float[] values =
        MechanismMaps.of(complete(encoded()))
            .orElseThrow()
            .at(frames, WEEK.plus(START, HISTORY - 1))
            .values()
            .values();

    assertThat(IntStream.range(0, values.length).filter(i -> Float.isNaN(values[i])))
        .containsExactly(5, 7, GRID.cells() + 5, GRID.cells() + 7);
  }

  @Test
  void withoutAnEncoderAllCellsShareTheLaw() {
    MechanismMaps maps = MechanismMaps.of(complete(SAME_EVERYWHERE.weights())).orElseThrow();

    assertThat(maps.differByCell()).isFalse();
    float[] values =
        maps.at(SEA.subList(0, HISTORY), WEEK.plus(START, HISTORY - 1)).values().values();
    for (int cell = 0; cell < GRID.cells(); cell++) {
      assertThat(values[cell]).isCloseTo(4, within(1e-5f));
    }
  }

  @Test
  void weightsOfAnotherArchitectureHoldNoMechanism() {
    assertThat(MechanismMaps.of(new Weights(Map.of("architecture", "m2no"), Map.of()))).isEmpty();
  }

  @Test
  void tooFewFramesAreRefused() {
    MechanismMaps maps = MechanismMaps.of(complete(SAME_EVERYWHERE.weights())).orElseThrow();

    assertThatThrownBy(() -> maps.at(SEA.subList(0, 3), START))
        .hasMessage("a mechanism is read from 8 frames, got 3");
  }

  /** Mean of the first map over some columns. */
  private static double mean(Coefficients read, int from, int to) {
    float[] values = read.values().values();
    return IntStream.range(0, GRID.cells())
        .filter(cell -> cell % GRID.columns() >= from && cell % GRID.columns() < to)
        .mapToDouble(cell -> values[cell])
        .average()
        .orElseThrow();
  }

  private static Weights encoded() {
    float[][] anomalies = new float[TIMES][GRID.cells()];
    for (int t = 0; t < TIMES; t++) {
      STANDARDISER.anomalies(
          SEA.get(t), STANDARDISER.climatologyAt(WEEK.plus(START, t)), anomalies[t], 0);
    }
    double[] everyCell = new double[GRID.cells()];
    Arrays.fill(everyCell, 1);
    EncoderTrainer trainer =
        new EncoderTrainer(
            new EncoderTrainer.Settings(8, 8, 16, 128, 1e-2, 1, 0.01, 8, 1, Duration.ofMinutes(1)),
            SAME_EVERYWHERE,
            anomalies,
            everyCell,
            IntStream.range(0, 280).toArray(),
            IntStream.range(300, TIMES - HISTORY - HORIZON).toArray());
    trainer.train((epoch, epochs, training, validation) -> {});
    return trainer.weights();
  }

  private static Weights complete(Weights operator) {
    return Forecasters.complete(operator, CARD, Channels.HISTORY, STANDARDISER, Map.of());
  }

  /** x' = r x + noise in each cell, about a mean of 290 K. */
  private static List<float[]> sea() {
    SplittableRandom random = new SplittableRandom(7);
    float[] anomaly = new float[GRID.cells()];
    List<float[]> frames = new ArrayList<>();
    for (int t = 0; t < TIMES; t++) {
      float[] frame = new float[GRID.cells()];
      for (int cell = 0; cell < anomaly.length; cell++) {
        boolean west = cell % GRID.columns() < GRID.columns() / 2;
        double kept = Math.exp(west ? -1.0 : -1.0 / 20);
        anomaly[cell] =
            (float) (kept * anomaly[cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian());
        frame[cell] = 290 + 2 * anomaly[cell];
      }
      frames.add(frame);
    }
    return frames;
  }
}
