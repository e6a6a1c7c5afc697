package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The small files beside the tests, and reading for all of these. */
final class Resources {
  /** Cell i of step t of most of the files is 280 + t + i / 8. */
  static final int ROWS = 4;

  static final int COLUMNS = 6;
  static final int STEPS = 3;

  private Resources() {}

  static byte[] file(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Granule read(byte[] bytes) throws Refusal {
    return new GranuleReader().read(bytes, "test.nc", new Origin("", "test.nc"));
  }

  static Granule read(ClassicNetcdf file) throws Refusal {
    return read(file.toBytes());
  }

  static Refusal refusal(byte[] bytes) {
    return catchThrowableOfType(Refusal.class, () -> read(bytes));
  }

  static Refusal refusal(byte[] bytes, Limits limits) {
    return catchThrowableOfType(
        Refusal.class,
        () -> new GranuleReader(limits).read(bytes, "test.nc", new Origin("", "test.nc")));
  }

  /** The fields of a variable, by time. */
  static List<Field> fields(Granule granule, String variable) {
    return granule.fields().stream()
        .filter(field -> field.frame().variable().name().equals(variable))
        .toList();
  }

  static float[] step(int t) {
    float[] cells = new float[ROWS * COLUMNS];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = 280 + t + i / 8f;
    }
    return cells;
  }
}
