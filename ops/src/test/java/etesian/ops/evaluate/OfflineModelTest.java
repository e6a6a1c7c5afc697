package etesian.ops.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineModelTest {
  private static final Instant NEWEST = Instant.parse("2021-01-07T00:00:00Z"); // weeks since 1970
  private static final int CELL = 3;

  @TempDir private Path folder;

  /** As it is to the stream. */
  @Test
  void whatNobodyCanHaveSeenIsAsIfItWereMissing() throws Exception {
    Path file = folder.resolve("sea.safetensors");
    try (InputStream in =
        OfflineModelTest.class.getResourceAsStream("/weights/simulated-sst.safetensors")) {
      Files.write(file, in.readAllBytes());
    }
    Weights weights = SafeTensors.read(Files.readAllBytes(file));
    for (int weeksBack : new int[] {0, 1}) {
      List<Forecast.Step> steps = forecast(file, normal(weights, weeksBack, -9999));
      assertThat(steps).isEqualTo(forecast(file, normal(weights, weeksBack, Float.NaN)));
      assertThat(Float.isNaN(steps.get(0).values()[CELL])).isEqualTo(weeksBack == 0);
    }
  }

  /** The climatology of the weights, with a value in a cell of one week. */
  private static List<Field> normal(Weights weights, int weeksBack, float value) {
    StreamCard card = StreamCard.of(weights);
    Standardiser standardiser = Standardiser.of(weights);
    Variable sst = new Variable("sst", card.variables().get(0).units(), "sea", "");
    List<Field> fields = new ArrayList<>();
    for (int back = card.history() - 1; back >= 0; back--) {
      Instant at = card.step().plus(NEWEST, -back);
      float[] values = standardiser.climatologyAt(at);
      if (back == weeksBack) {
        values[CELL] = value;
      }
      fields.add(
          new Field(new Frame(sst, card.grid(), at), 1, new Origin("0".repeat(64), ""), values));
    }
    return fields;
  }

  private static List<Forecast.Step> forecast(Path weights, List<Field> fields) {
    OfflineModel model = new OfflineModel(weights);
    StreamSettings stream = model.stream(List.of(4), fields);
    try (OfflineModel.Loaded loaded = model.load(stream)) {
      FieldSeries series = new FieldSeries(stream, fields);
      return loaded.forecast(series, List.of(NEWEST), 4).get(0).get(0).steps();
    }
  }
}
