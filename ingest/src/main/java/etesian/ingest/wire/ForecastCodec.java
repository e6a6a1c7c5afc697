package etesian.ingest.wire;

import etesian.ingest.field.Ensemble;
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
 * grid, and after the revision the one that it supersedes. Version 4 is of an ensemble: as version
 * 3, and after the values of a step the size, the spread, the number of quantiles, each with its
 * probability, the number of members that follow, their values. The lowest that holds all is
 * written.
 */
public final class ForecastCodec implements Codec<Forecast> {
  private static final long serialVersionUID = 1L;

  public static final ForecastCodec INSTANCE = new ForecastCodec();

  public ForecastCodec() {}

  @Override
  public void write(Forecast forecast, DataOutput out) throws IOException {
    int version = version(forecast);
    out.writeByte(version);
    Binary.text(forecast.stream(), out);
    Binary.variable(forecast.variable(), out);
    Binary.grid(forecast.grid(), out);
    Binary.instant(forecast.issueTime(), out);
    out.writeInt(forecast.revision());
    if (version >= 3) {
      out.writeInt(forecast.supersedes());
    }
    out.writeInt(forecast.steps().size());
    for (Forecast.Step step : forecast.steps()) {
      out.writeInt(step.lead());
      Binary.instant(step.validAt(), out);
      floats(step.values(), out);
      if (version >= 4) {
        write(step.ensemble(), out);
      }
    }
    Binary.text(forecast.model(), out);
    Binary.text(forecast.weightsSha256(), out);
    out.writeInt(forecast.inputs().size());
    for (Origin input : forecast.inputs()) {
      Binary.origin(input, out);
    }
  }

  private static int version(Forecast forecast) {
    if (forecast.ensemble() != null) {
      return 4;
    }
    return forecast.supersedes() != Forecast.NOTHING ? 3 : Binary.gridVersion(forecast.grid());
  }

  private static void write(Ensemble ensemble, DataOutput out) throws IOException {
    out.writeInt(ensemble.size());
    floats(ensemble.spread(), out);
    out.writeInt(ensemble.quantiles().size());
    for (Ensemble.Quantile quantile : ensemble.quantiles()) {
      out.writeDouble(quantile.probability());
      floats(quantile.values(), out);
    }
    out.writeInt(ensemble.members().size());
    for (float[] member : ensemble.members()) {
      floats(member, out);
    }
  }

  private static void floats(float[] values, DataOutput out) throws IOException {
    Binary.floats(FloatBuffer.wrap(values), out);
  }

  private static Ensemble readEnsemble(int cells, DataInput in) throws IOException {
    int size = in.readInt();
    float[] spread = Binary.floats(cells, in);
    List<Ensemble.Quantile> quantiles = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      quantiles.add(new Ensemble.Quantile(in.readDouble(), Binary.floats(cells, in)));
    }
    List<float[]> members = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      members.add(Binary.floats(cells, in));
    }
    return new Ensemble(size, spread, quantiles, members);
  }

  @Override
  public Forecast read(DataInput in) throws IOException {
    int version = Binary.version(in, 4, "a forecast");
    String stream = Binary.text(in);
    Variable variable = Binary.variable(in);
    Grid grid = Binary.grid(in);
    Instant issueTime = Binary.instant(in);
    int revision = in.readInt();
    int supersedes = version >= 3 ? in.readInt() : Forecast.NOTHING;
    List<Forecast.Step> steps = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int lead = in.readInt();
      Instant validAt = Binary.instant(in);
      float[] values = Binary.floats(grid.cells(), in);
      Ensemble ensemble = version >= 4 ? readEnsemble(grid.cells(), in) : null;
      steps.add(new Forecast.Step(lead, validAt, values, ensemble));
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
