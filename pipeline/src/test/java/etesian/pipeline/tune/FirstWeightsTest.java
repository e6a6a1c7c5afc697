package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From fields to weights, through a file, to forecasts that are better than standing still. */
class FirstWeightsTest {
  private static final Grid GRID = new Grid(5, 7, 60, 0, 5, 5);
  private static final Variable SST = new Variable("sst", "degC", "", "");
  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final FirstWeights TRAINER =
      new FirstWeights(Duration.ofSeconds(3), (stream, done, loss) -> {});

  /** For what does not depend on how good the weights are. */
  private static final FirstWeights HASTY =
      new FirstWeights(Duration.ofMillis(100), (stream, done, loss) -> {});

  @Test
  void aMechanisticStreamForecastsItsWholeHorizonAtOnce() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    List<Field> fields = damped(stream, 360);
    Weights weights = throughAFile(TRAINER.train(stream, fields));
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      assertThat(forecaster.leadsPerAdvance()).isEqualTo(6);
      assertThat(skill(forecaster, stream, damped(stream, 400), 380)).isPositive();
    }
  }

  @Test
  void cellsOfDifferentMemoryAreToldApartByAnEncoder() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    List<Field> fields = remembering(stream, 700, cell -> cell % 2 == 0 ? 0.97f : 0.3f);
    Weights weights = throughAFile(TRAINER.train(stream, fields.subList(0, 600)));
    assertThat(weights.tensors()).containsKey("encoder.output.weight");
    assertThat(skillBy("architecture.encoder_hidden", weights, stream, fields)).isPositive();
  }

  @Test
  void cellsOfOneLawNeedNoEncoder() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    Weights weights = TRAINER.train(stream, damped(stream, 700));
    assertThat(weights.tensors()).containsKey("rate").doesNotContainKey("encoder.output.weight");
  }

  /** Each cell will be what its western neighbour is; by itself none remembers anything. */
  @Test
  void whatTravelsThroughTheFieldIsForecastFromTheWholeOfIt() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    List<Field> fields = travelling(stream, 700);
    Weights weights = throughAFile(TRAINER.train(stream, fields.subList(0, 600)));
    assertThat(weights.metadata()).containsEntry("architecture.daily_phases", "1");
    assertThat(skillBy("architecture.daily_phases", weights, stream, fields)).isGreaterThan(0.1);
  }

  /** Noise comes in with the first column and goes east, a column a step, alike in all rows. */
  private static List<Field> travelling(StreamSettings stream, int count) {
    Random random = new Random(6);
    List<Field> fields = new ArrayList<>();
    double[] columns = new double[GRID.columns()];
    for (int i = 0; i < count; i++) {
      for (int column = columns.length - 1; column > 0; column--) {
        columns[column] = 0.9 * columns[column - 1] + 0.4 * random.nextGaussian();
      }
      columns[0] = random.nextGaussian();
      float[] values = new float[GRID.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        double own = 0.2 * random.nextGaussian();
        values[cell] = (float) (15 + columns[cell % columns.length] + own);
      }
      values[0] = Float.NaN;
      Frame frame = new Frame(SST, GRID, stream.step().plus(START, i));
      fields.add(new Field(frame, 1, Samples.ORIGIN, values));
    }
    return fields;
  }

  @Test
  void aGriddedStreamStepsFromFrameToFrame() {
    StreamSettings stream = stream("m2no", "PT6H", 2, 6);
    List<Field> fields = damped(stream, 350);
    // Enough for all epochs on any machine: what a clock cuts off is another result on each.
    FirstWeights patient = new FirstWeights(Duration.ofMinutes(2), (name, done, loss) -> {});
    Weights weights = throughAFile(patient.train(stream, fields));
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      assertThat(forecaster.leadsPerAdvance()).isEqualTo(1);
      assertThat(skill(forecaster, stream, damped(stream, 400), 380)).isPositive();
    }
  }

  /** The wind of tomorrow is the temperature of today: only together can it be told. */
  @Test
  void severalVariablesAreLearnedTogetherAndWeighAlike() {
    StreamSettings stream = ofTwo();
    List<Field> fields = driven(stream, 120);
    FirstWeights patient = new FirstWeights(Duration.ofMinutes(2), (name, done, loss) -> {});
    Weights weights = throughAFile(patient.train(stream, fields));
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      assertThat(forecaster.leadsPerAdvance()).isEqualTo(1);
      List<float[]> frames = Series.of(stream, driven(stream, 170)).frames();
      double[] model = new double[2];
      double[] persistence = new double[2];
      for (int newest = 150; newest + 1 < frames.size(); newest++) {
        List<float[]> history = frames.subList(newest - stream.history() + 1, newest + 1);
        float[] next = forecaster.advance(List.of(carry(stream, history, newest))).get(0).get(0);
        float[] truth = frames.get(newest + 1);
        for (int i = 0; i < truth.length; i++) {
          int variable = i / GRID.cells();
          model[variable] += Math.pow(next[i] - truth[i], 2);
          persistence[variable] += Math.pow(frames.get(newest)[i] - truth[i], 2);
        }
      }
      assertThat(model[0] / persistence[0]).as("temperature").isLessThan(1);
      assertThat(model[1] / persistence[1]).as("wind").isLessThan(0.5);
    }
  }

  @Test
  void onlyTimesWithAllVariablesAreLearnedFrom() {
    StreamSettings stream = ofTwo();
    List<Field> fields = driven(stream, 20);
    fields.remove(7); // the wind of the fourth time
    Series series = Series.of(stream, fields);
    assertThat(series.size()).isEqualTo(19);
    assertThat(series.times()).doesNotContain(stream.step().plus(START, 3));
    fields.removeIf(field -> field.frame().variable().equals(Samples.U10));
    assertThatThrownBy(() -> HASTY.train(stream, fields))
        .hasMessageContaining("no field of sst [degC] with u10 [m s-1]")
        .hasMessageContaining("all of the same time");
  }

  private static StreamSettings ofTwo() {
    return stream("m2no", "PT6H", 1, 6)
        .withVariables(
            List.of(new StreamVariable("sst", "degC"), new StreamVariable("u10", "m s-1")));
  }

  /** Temperature and wind in turn, the wind in other units: a thousandth of the anomaly before. */
  private static List<Field> driven(StreamSettings stream, int count) {
    List<Field> fields = new ArrayList<>();
    float[] before = new float[GRID.cells()];
    for (Field field : remembering(stream, count, cell -> 0.6f)) {
      float[] temperature = field.toArray();
      temperature[0] = 15; // no land
      float[] wind = new float[before.length];
      for (int cell = 0; cell < wind.length; cell++) {
        wind[cell] = before[cell] / 1000;
        before[cell] = temperature[cell] - 15;
      }
      fields.add(new Field(field.frame(), 1, Samples.ORIGIN, temperature));
      Frame frame = new Frame(Samples.U10, GRID, field.frame().validAt());
      fields.add(new Field(frame, 1, Samples.ORIGIN, wind));
    }
    return fields;
  }

  @Test
  void landStaysLand() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    Weights weights = HASTY.train(stream, damped(stream, 120));
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      List<float[]> frames = frames(damped(stream, 12));
      for (float[] frame : forecaster.advance(List.of(carry(stream, frames, 11))).get(0)) {
        assertThat(frame[0]).as("land").isNaN();
        assertThat(frame[1]).as("sea").isNotNaN();
      }
    }
  }

  @Test
  void whatElseIsInABatchDoesNotMatter() {
    StreamSettings stream = stream("m2no", "PT6H", 2, 6);
    Weights weights = HASTY.train(stream, damped(stream, 60));
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      List<float[]> frames = frames(damped(stream, 20));
      Forecaster.Carry one = carry(stream, frames.subList(0, 2), 1);
      Forecaster.Carry other = carry(stream, frames.subList(10, 12), 11);
      float[] alone = forecaster.advance(List.of(one)).get(0).get(0);
      float[] together = forecaster.advance(List.of(other, one)).get(1).get(0);
      for (int cell = 1; cell < alone.length; cell++) {
        assertThat(together[cell]).isCloseTo(alone[cell], within(1e-4f));
      }
    }
  }

  @Test
  void weightsOfAnotherStreamAreRefusedWithTheDifference() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    Weights weights = HASTY.train(stream, damped(stream, 120));
    assertThatThrownBy(() -> Forecasters.load(weights, stream("smnn", "P7D", 12, 6)))
        .hasMessageContaining("P1M")
        .hasMessageContaining("P7D");
  }

  @Test
  void tooLittleDataIsRefusedWithWhatIsNeeded() {
    StreamSettings stream = stream("smnn", "P1M", 12, 6);
    assertThatThrownBy(() -> HASTY.train(stream, damped(stream, 20)))
        .hasMessageContaining("18 fields")
        .hasMessageContaining("at least 10");
    assertThatThrownBy(() -> HASTY.train(stream, List.of())).hasMessageContaining("no field");
  }

  /** No cell is then there in all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"m2no", "smnn"})
  void aFieldThatDidNotComeThroughIsAGap(String model) {
    StreamSettings stream = stream(model, "P1M", 3, 2);
    List<Field> fields = new ArrayList<>(damped(stream, 120));
    float[] nothing = new float[GRID.cells()];
    Arrays.fill(nothing, Float.NaN);
    fields.set(60, new Field(fields.get(60).frame(), 1, Samples.ORIGIN, nothing));
    Weights weights = HASTY.train(stream, fields);
    assertThat(weights.metadata()).containsEntry("lineage.times", "119");
    Forecasters.load(weights, stream).close();
  }

  @Test
  void pairsAreFormedByTimeNeverByPosition() {
    StreamSettings stream = stream("m2no", "PT6H", 2, 6);
    List<Field> gappy = new ArrayList<>(damped(stream, 40));
    gappy.removeIf(field -> field.frame().validAt().equals(stream.step().plus(START, 17)));
    int[] runs = Series.of(stream, gappy).runs(stream, 3);
    assertThat(runs).hasSize(40 - 3 + 1 - 3).doesNotContain(15, 16);
  }

  /** 1 - mse / mse of persistence, over starts from {@code from} on. */
  private static double skill(
      Forecaster forecaster, StreamSettings stream, List<Field> fields, int from) {
    List<float[]> frames = frames(fields);
    double model = 0;
    double persistence = 0;
    for (int newest = from; newest + 1 < frames.size(); newest++) {
      List<float[]> history = frames.subList(newest - stream.history() + 1, newest + 1);
      float[] next = forecaster.advance(List.of(carry(stream, history, newest))).get(0).get(0);
      for (int cell = 1; cell < next.length; cell++) {
        float truth = frames.get(newest + 1)[cell];
        model += Math.pow(next[cell] - truth, 2);
        persistence += Math.pow(frames.get(newest)[cell] - truth, 2);
      }
    }
    return 1 - model / persistence;
  }

  /**
   * How much better the weights forecast the newest fields than the same weights without a part.
   *
   * @param key of the metadata that the part is read by
   */
  private static double skillBy(
      String key, Weights weights, StreamSettings stream, List<Field> fields) {
    Map<String, String> without = new HashMap<>(weights.metadata());
    without.remove(key);
    try (Forecaster whole = Forecasters.load(weights, stream);
        Forecaster plain = Forecasters.load(new Weights(without, weights.tensors()), stream)) {
      return skill(whole, stream, fields, 620) - skill(plain, stream, fields, 620);
    }
  }

  private static Forecaster.Carry carry(StreamSettings stream, List<float[]> frames, int newest) {
    return new Forecaster.Carry(frames, stream.step().plus(START, newest));
  }

  private static List<float[]> frames(List<Field> fields) {
    return fields.stream().map(Field::toArray).toList();
  }

  /** A damped anomaly on a mean; the first cell is land. */
  private static List<Field> damped(StreamSettings stream, int count) {
    return remembering(stream, count, cell -> 0.6f);
  }

  /** What share of its anomaly a cell keeps for the next step. */
  private interface Memory {
    float of(int cell);
  }

  private static List<Field> remembering(StreamSettings stream, int count, Memory memory) {
    Random random = new Random(4);
    float[] anomaly = new float[GRID.cells()];
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[GRID.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        anomaly[cell] = memory.of(cell) * anomaly[cell] + (float) random.nextGaussian();
        values[cell] = 15 + anomaly[cell];
      }
      values[0] = Float.NaN;
      Frame frame = new Frame(SST, GRID, stream.step().plus(START, i));
      fields.add(new Field(frame, 1, Samples.ORIGIN, values));
    }
    return fields;
  }

  private static Weights throughAFile(Weights weights) {
    return SafeTensors.read(SafeTensors.write(weights));
  }

  private static StreamSettings stream(String model, String step, int history, int horizon) {
    return new StreamSettings(
        "sst",
        "sst",
        SST.name(),
        SST.units(),
        GRID,
        TimeStep.parse(step),
        history,
        horizon,
        1,
        START,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        model,
        List.of(1));
  }
}
