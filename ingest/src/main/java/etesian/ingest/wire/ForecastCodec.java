package etesian.ingest.wire;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Stream, variable, grid, issue time, revision, steps, model, weights, inputs. Version 1 has a grid
 * with even rows, version 2 one with uneven rows; neither supersedes anything. Version 3 has either
 * grid, and after the revision the one that it supersedes. The lowest that holds all is written.
 */
public final class ForecastCodec implements Codec<Forecast> {
  private static final long serialVersionUID = 1L;

  public static final ForecastCodec INSTANCE = new ForecastCodec();

  public ForecastCodec() {}

  @Override
  public void write(Forecast forecast, DataOutput out) throws IOException {
    boolean supersedes = forecast.supersedes() != Forecast.NOTHING;
    out.writeByte(supersedes ? 3 : Binary.gridVersion(forecast.grid()));
    Binary.text(forecast.stream(), out);
    Binary.variable(forecast.variable(), out);
    Binary.grid(forecast.grid(), out);
    Binary.instant(forecast.issueTime(), out);
    out.writeInt(forecast.revision());
    if (supersedes) {
      out.writeInt(forecast.supersedes());
    }
    out.writeInt(forecast.steps().size());
    for (Forecast.Step step : forecast.steps()) {
      out.writeInt(step.lead());
      Binary.instant(step.validAt(), out);
      Binary.floats(FloatBuffer.wrap(step.values()), out);
    }
    Binary.text(forecast.model(), out);
    Binary.text(forecast.weightsSha256(), out);
    out.writeInt(forecast.inputs().size());
    for (Origin input : forecast.inputs()) {
      Binary.origin(input, out);
    }
  }

  @Override
  public Forecast read(DataInput in) throws IOException {
    int version = Binary.version(in, 3, "a forecast");
    String stream = Binary.text(in);
    Variable variable = Binary.variable(in);
    Grid grid = Binary.grid(in);
    Instant issueTime = Binary.instant(in);
    int revision = in.readInt();
    int supersedes = version == 3 ? in.readInt() : Forecast.NOTHING;
    List<Forecast.Step> steps = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int lead = in.readInt();
      Instant validAt = Binary.instant(in);
      steps.add(new Forecast.Step(lead, validAt, Binary.floats(grid.cells(), in)));
    }
    String model = Binary.text(in);
    String weightsSha256 = Binary.text(in);
    List<Origin> inputs = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      inputs.add(Binary.origin(in));
    }
    return new Forecast(
        stream,
        variable,
        grid,
        issueTime,
        revision,
        supersedes,
        steps,
        model,
        weightsSha256,
        inputs);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
