package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.ForecastCodec;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose model is an FNO, through the whole job. */
@Timeout(120)
class NetworkJobTest {
  private static final Grid GRID = new Grid(8, 16, 70, 0, 20, 22.5);
  private static final int FIELDS = 12;
  private static final int HORIZON = 3;

  private static final StreamSettings STREAM =
      Samples.stream(2, HORIZON)
          .withGrid(GRID)
          .withModel("fno")
          .withVerifyLeads(List.of(1, HORIZON));

  @TempDir private Path folder;

  @Test
  void theJobForecastsWhatTheWeightsForecast() throws Exception {
    List<Field> fields = Samples.waves(GRID, FIELDS);
    Weights weights =
        new FirstWeights(Duration.ofMillis(200), (stream, done, loss) -> {}).train(STREAM, fields);
    Champion champion =
        new Champion("t2m", "fno", new WeightsStore(folder).put(weights), Champion.ALWAYS, null);
    Map<String, Set<ByteBuffer>> records = run(fields, champion);

    int forecasts = 0;
    try (Forecaster forecaster = Forecasters.load(weights, STREAM)) {
      for (Map.Entry<String, Set<ByteBuffer>> entry : records.entrySet()) {
        if (!entry.getKey().contains("/")) { // the name of a score has one
          Forecast forecast = read(entry.getValue());
          assertThat(forecast.model()).isEqualTo("fno");
          assertThat(forecast.weightsSha256()).isEqualTo(champion.weightsSha256());
          int newest =
              (int) (Duration.between(Samples.hour(0), forecast.issueTime()).toHours() / 6);
          assertThat(forecast.steps().get(0).values())
              .containsExactly(
                  expected(forecaster, fields, newest, forecast.firstLead()), within(1e-3f));
          forecasts++;
        }
      }
    }
    assertThat(forecasts).isEqualTo((FIELDS - STREAM.history() + 1) * HORIZON);
  }

  private static float[] expected(Forecaster forecaster, List<Field> fields, int newest, int lead) {
    List<float[]> frames =
        new ArrayList<>(fields.subList(0, newest + 1).stream().map(Field::toArray).toList());
    for (int i = 0; i < lead; i++) {
      List<float[]> history = frames.subList(frames.size() - STREAM.history(), frames.size());
      Forecaster.Carry carry =
          new Forecaster.Carry(List.copyOf(history), Samples.hour(6 * (newest + i)));
      frames.add(forecaster.advance(List.of(carry)).get(0).get(0));
    }
    return frames.get(frames.size() - 1);
  }

  private Map<String, Set<ByteBuffer>> run(List<Field> fields, Champion champion) throws Exception {
    List<byte[]> granules =
        fields.stream().map(field -> GranuleNetcdf.write(List.of(field))).toList();
    MemoryEnds ends = new MemoryEnds("network", granules, 1000, champion);
    DeviceSettings device = new DeviceSettings(16, 8, 1 << 20, 1);
    LocalJob.run(
        LocalJob.settings(folder, Duration.ofMillis(200), device, STREAM), ends, 1, champion);
    return ends.records();
  }

  private static Forecast read(Set<ByteBuffer> forms) throws Exception {
    assertThat(forms).hasSize(1);
    return ForecastCodec.INSTANCE.read(
        new DataInputStream(new ByteArrayInputStream(forms.iterator().next().array())));
  }
}
