package etesian.ingest.wire;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;

/**
 * Variable, grid, valid time, revision, origin, values. Version 1 has a grid with even rows,
 * version 2 one with uneven rows.
 */
public final class FieldCodec implements Codec<Field> {
  private static final long serialVersionUID = 1L;

  public static final FieldCodec INSTANCE = new FieldCodec();

  public FieldCodec() {}

  @Override
  public void write(Field field, DataOutput out) throws IOException {
    out.writeByte(Binary.gridVersion(field.frame().grid()));
    Binary.variable(field.frame().variable(), out);
    Binary.grid(field.frame().grid(), out);
    Binary.instant(field.frame().validAt(), out);
    out.writeInt(field.revision());
    Binary.origin(field.origin(), out);
    Binary.floats(field.values(), out);
  }

  @Override
  public Field read(DataInput in) throws IOException {
    Binary.version(in, 2, "a field");
    Variable variable = Binary.variable(in);
    Grid grid = Binary.grid(in);
    Instant validAt = Binary.instant(in);
    int revision = in.readInt();
    Origin origin = Binary.origin(in);
    float[] values = Binary.floats(grid.cells(), in);
    return new Field(new Frame(variable, grid, validAt), revision, origin, values);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
