package etesian.ops.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.settings.ModelKind;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchTest {
  private static final Match SHORT = new Match(Duration.ofMillis(100), 1, 2);

  @TempDir private Path folder;

  /** Eight flows, a wave each that moves by a cell from time to time. */
  private static Flows moving() {
    return new Flows(moving(8, Flows.TIMES, Flows.SIZE));
  }

  /** The same waves on the finer grid, where they move by two cells. */
  private static FinerFlows finer() {
    return new FinerFlows(moving(FinerFlows.FLOWS, FinerFlows.TIMES, FinerFlows.SIZE));
  }

  private static Tensor moving(int flows, int times, int size) {
    float[] values = new float[flows * times * size * size];
    for (int i = 0; i < values.length; i++) {
      int field = i / (size * size);
      double phase = (double) (i % size) / size - (double) (field % times) / Flows.SIZE;
      values[i] = (float) Math.sin(2 * Math.PI * (field / times + 1) * phase);
    }
    return new Tensor(values, flows, times, size, size);
  }

  @Test
  void persistenceIsTheFieldThatARolloutBeginsWith() {
    Challenge.Errors persistence = new FlowChallenge(moving(), finer()).persistence(3);
    double[] errors = persistence.rollout();
    for (int step = 1; step <= 3; step++) { // of the last flow, whose wave is the eighth
      double expected = 2 * Math.sin(Math.PI * 8 * step / Flows.SIZE);
      assertThat(errors[step - 1]).isCloseTo(expected, within(1e-5));
    }
    double finer =
        IntStream.rangeClosed(1, FinerFlows.FLOWS)
            .mapToDouble(wave -> 2 * Math.sin(Math.PI * wave / Flows.SIZE))
            .average()
            .orElseThrow();
    assertThat(persistence.further().get("l2_1_at_64")).isCloseTo(finer, within(1e-5));
    assertThat(persistence.further().get("l2_1_at_128")).isCloseTo(finer, within(1e-5));
  }

  @Test
  void weightsOfOneGridAreJudgedOnATwiceAsFineOneToo() {
    Challenge challenge = new FlowChallenge(moving(), finer());
    Map<String, Double> errors =
        challenge.learn(ModelKind.UNO, Duration.ofMillis(100), 1, 2).errors().further();
    double coarse = errors.get("l2_1_at_64");
    assertThat(coarse).isPositive().isLessThan(2);
    assertThat(errors.get("l2_1_at_128")) // waves so long look alike on both grids
        .isCloseTo(coarse, within(0.03));
    assertThat(challenge.learn(ModelKind.NSM, Duration.ofMillis(100), 1, 2).errors().further())
        .as("a network that cannot leave its grid")
        .isEmpty();
  }

  @Test
  void coarseFieldsAreEverySecondPointOfTheFineOnes() {
    FinerFlows finer = finer();
    assertThat(finer.coarse(1).shape()).containsExactly(12, 1, 64, 64);
    assertThat(finer.fine(1).shape()).containsExactly(12, 1, 128, 128);
    int sample = 4; // of the second flow, the second start: its sixth time, a step later
    double expected = Math.sin(2 * Math.PI * 2 * (3 - 6) / 64.0);
    float coarse = finer.coarse(1).values()[(sample * 64 + 5) * 64 + 3];
    assertThat((double) coarse).isCloseTo(expected, within(1e-6));
    assertThat(finer.fine(1).values()[(sample * 128 + 10) * 128 + 6]).isEqualTo(coarse);
  }

  @Test
  void aFlowIsLearnedAndRolledOut() {
    Challenge challenge = new FlowChallenge(moving(), finer());
    assertThat(challenge.models()).doesNotContain(ModelKind.SFNO);
    Map<String, Object> figures = SHORT.play(challenge, ModelKind.TFNO);
    assertThat(figures)
        .containsOnlyKeys(
            "l2_1",
            "l2_2",
            "l2_1_at_64",
            "l2_1_at_128",
            "parameters",
            "step_ms",
            "step_mib",
            "training_s",
            "training_mib");
    assertThat((double) figures.get("l2_1")).isPositive().isLessThan(2);
    assertThat((long) figures.get("parameters")).isGreaterThan(10_000);
  }

  @Test
  void trainingValidationAndTestAreOtherFlows() {
    Flows flows = moving();
    assertThat(flows.training().size()).isEqualTo(6 * (Flows.TIMES - 1));
    assertThat(flows.validation().size()).isEqualTo(Flows.TIMES - 1);
    float[] first = flows.after(0, 5, 10).values();
    assertThat(first).hasSize(3 * Flows.CELLS);
    assertThat(first[1]).isEqualTo(flows.test().input().values()[1]);
    assertThat(flows.after(1, 5, 10).values()[1]).isEqualTo(flows.test().target().values()[1]);
  }

  @Test
  void flowsThatWereSolvedAreRead() throws Exception {
    Tensor known = moving().vorticity();
    SafeTensors.save(
        new Weights(Map.of(), Map.of("vorticity", known)),
        folder.resolve("navier-stokes-8-flows-seed-3.safetensors"));
    assertThat(Flows.kept(folder, 8, 3, share -> {}).vorticity()).isEqualTo(known);
    assertThatThrownBy(() -> Flows.kept(folder, 9, 3, share -> {}))
        .hasMessageContaining("multiple of 8");
  }

  @Test
  void aSeriesIsLearnedAsAStreamLearnsIt() {
    Challenge challenge = series(new Grid(6, 12, 60, 0, 5, 5));
    assertThat(challenge.name()).isEqualTo("t2m 6x12");
    assertThat(challenge.models())
        .containsExactly(
            ModelKind.M2NO, ModelKind.FNO, ModelKind.TFNO, ModelKind.UNO, ModelKind.NSM);
    assertThat(series(new Grid(6, 12, 75, 0, 30, 30)).models()).contains(ModelKind.SFNO);
    double[] persistence = challenge.persistence(2).rollout();
    assertThat(persistence[0]).as("noise that nothing remembers").isBetween(1.2, 1.6);
    Map<String, Object> figures = SHORT.play(challenge, ModelKind.FNO);
    assertThat((double) figures.get("l2_2")).isPositive().isLessThan(2);
  }

  private static Challenge series(Grid grid) {
    Instant start = Instant.parse("2020-01-01T00:00:00Z");
    int times = 80;
    int split = 60;
    Variable t2m = new Variable("t2m", "K", "", "");
    Random random = new Random(1);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      float[] values = new float[grid.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        values[cell] = (float) (280 + random.nextGaussian());
      }
      Frame frame = new Frame(t2m, grid, start.plus(Duration.ofDays(i)));
      fields.add(new Field(frame, 1, new Origin("0".repeat(64), "file"), values));
    }
    StreamSettings stream =
        new StreamSettings(
            "t2m",
            "era5",
            "t2m",
            "K",
            grid,
            TimeStep.parse("P1D"),
            3,
            2,
            1,
            start,
            start.plus(Duration.ofDays(split)),
            Duration.ZERO,
            "m2no",
            IntStream.rangeClosed(1, 2).boxed().toList());
    return new SeriesChallenge(stream, fields.subList(0, split), fields);
  }
}
