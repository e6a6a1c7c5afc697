package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.TimeStep;
import etesian.ingest.netcdf.GranuleReader;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.model.CellWeights;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Real sea surface temperature: weights from the first 70 % of the times alone, root-mean-square
 * errors of the forecasts whose issue and target times lie in the last 30 %, cells weighted by the
 * cosine of latitude. The errors to beat are those of a fast and a slow mode with three numbers,
 * fitted on the same 70 % (docs/learning.md).
 */
class MechanisticSkillTest {
  private static final String FILE = "sst_ersstv5_npac_monthly_1950-2019_19x51.nc";

  @Test
  void weightsOfThePastBeatThreeFittedNumbersInTheYearsAfter() throws Exception {
    Path path = Path.of(System.getProperty("etesian.shared", "absent"), "data", FILE);
    assumeTrue(Files.exists(path), () -> path + " is absent; set -Detesian.shared=FOLDER");
    List<Field> fields =
        new GranuleReader().read(Files.readAllBytes(path), FILE, Samples.ORIGIN).fields();
    StreamSettings stream = stream(fields.get(0).frame());
    int split = (int) (0.7 * fields.size());
    Weights weights =
        new FirstWeights(Duration.ofMinutes(1), (name, done, loss) -> {})
            .train(stream, fields.subList(0, split));
    List<float[]> frames = fields.stream().map(Field::toArray).toList();
    try (Forecaster forecaster = Forecasters.load(weights, stream)) {
      double[] rmse = rmse(forecaster, stream, fields, frames, split);
      assertThat(rmse[0]).as("lead 1").isLessThan(0.5284);
      assertThat(rmse[3]).as("lead 4").isLessThan(0.7671);
      assertThat(rmse[11]).as("lead 12").isLessThan(0.8271);
    }
  }

  /** By lead, in the unit of the fields. */
  private static double[] rmse(
      Forecaster forecaster,
      StreamSettings stream,
      List<Field> fields,
      List<float[]> frames,
      int split) {
    boolean[] sea = Series.of(stream, fields).alwaysPresent(stream.grid().cells());
    double[] byCell = CellWeights.byCell(stream.grid(), sea);
    double[] squares = new double[stream.horizon()];
    double[] weights = new double[stream.horizon()];
    for (int newest = split; newest + 1 < frames.size(); newest++) {
      List<float[]> history = frames.subList(newest - stream.history() + 1, newest + 1);
      Forecaster.Carry carry = new Forecaster.Carry(history, fields.get(newest).frame().validAt());
      List<float[]> forecast = forecaster.advance(List.of(carry)).get(0);
      for (int lead = 1; lead <= stream.horizon() && newest + lead < frames.size(); lead++) {
        float[] truth = frames.get(newest + lead);
        for (int cell = 0; cell < truth.length; cell++) {
          double weight = byCell[cell];
          if (weight > 0) {
            squares[lead - 1] += weight * Math.pow(forecast.get(lead - 1)[cell] - truth[cell], 2);
            weights[lead - 1] += weight;
          }
        }
      }
    }
    double[] rmse = new double[stream.horizon()];
    for (int lead = 0; lead < rmse.length; lead++) {
      rmse[lead] = Math.sqrt(squares[lead] / weights[lead]);
    }
    return rmse;
  }

  private static StreamSettings stream(Frame frame) {
    return new StreamSettings(
        "sst",
        "sst",
        frame.variable().name(),
        frame.variable().units(),
        frame.grid(),
        TimeStep.parse("P1M"),
        24,
        12,
        1,
        frame.validAt(),
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "smnn",
        List.of(1));
  }
}
