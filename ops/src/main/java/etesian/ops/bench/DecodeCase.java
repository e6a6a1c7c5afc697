package etesian.ops.bench;

import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.netcdf.Granule;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The bytes of a file become fields: eight steps of a global quarter-degree grid. In turns with the
 * limit that no reader passes: a copy of the bytes, or for a compressed file inflating and
 * unshuffling its chunks with nothing else done. Figures: {@code median_ms, minimum_ms, repeats};
 * {@code fields_gb_per_s}, bytes of the fields (float32) a second; {@code limit_median_ms}; {@code
 * share_of_limit}, how much of the limit's rate is reached; {@code allocated_mib}, and {@code
 * beyond_fields_mib} without the fields.
 */
record DecodeCase(String name, boolean packed, boolean compressed) implements Case {
  private static final int STEPS = 8;
  private static final int ROWS = 721;
  private static final int COLUMNS = 1440;

  static List<Case> all() {
    return List.of(
        new DecodeCase("NetCDF-3 float32", false, false),
        new DecodeCase("NetCDF-3 int16 packed", true, false),
        new DecodeCase("NetCDF-4 float32 shuffle deflate", false, true),
        new DecodeCase("NetCDF-4 int16 packed shuffle deflate", true, true));
  }

  @Override
  public Map<String, Object> measure(Limits limits) throws IOException {
    byte[] classic = file();
    byte[] bytes = compressed ? Nccopy.deflated(classic) : classic;
    Runnable limit = compressed ? new InflateOnly(bytes, "t2m") : copyOf(bytes);
    Runnable decode = () -> decode(bytes);
    double fieldBytes = 4.0 * STEPS * ROWS * COLUMNS;
    long before = TimedCase.allocatedBytes();
    decode.run();
    double allocated = TimedCase.allocatedBytes() - before;
    TimedCase.Stopwatch stopwatch = new TimedCase.Stopwatch(decode, limit);
    stopwatch.run(limits);
    double[] times = stopwatch.times(0);
    double median = TimedCase.median(times);
    double limitMedian = TimedCase.median(stopwatch.times(1));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median_ms", median);
    figures.put("minimum_ms", times[0]);
    figures.put("repeats", times.length);
    figures.put("file_mb", bytes.length / 1e6);
    figures.put("fields_gb_per_s", fieldBytes / 1e6 / median);
    figures.put("limit_median_ms", limitMedian);
    figures.put("share_of_limit", limitMedian / median);
    figures.put("allocated_mib", allocated / (1 << 20));
    figures.put("beyond_fields_mib", (allocated - fieldBytes) / (1 << 20));
    return figures;
  }

  private static Granule decode(byte[] bytes) {
    try {
      return new GranuleReader().read(bytes, "bench.nc", new Origin("", ""));
    } catch (Refusal e) {
      throw new IllegalStateException(e);
    }
  }

  private static Runnable copyOf(byte[] bytes) {
    byte[] copy = new byte[bytes.length];
    return () -> System.arraycopy(bytes, 0, copy, 0, bytes.length);
  }

  /** Temperatures with the 16 bits of entropy a value that GRIB leaves in ERA5. */
  private byte[] file() {
    int cells = ROWS * COLUMNS;
    short[] counts = new short[STEPS * cells];
    Random random = new Random(1);
    for (int i = 0; i < counts.length; i++) {
      double row = (double) (i % cells / COLUMNS) / ROWS;
      double column = (double) (i % COLUMNS) / COLUMNS;
      double smooth = Math.sin(Math.PI * row) + 0.2 * Math.sin(12 * Math.PI * column + i / cells);
      counts[i] = (short) (20_000 * smooth + 40 * random.nextGaussian());
    }
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("time", STEPS)
            .dimension("latitude", ROWS)
            .dimension("longitude", COLUMNS);
    file.variable("time", arithmetic(STEPS, 0, 6), "time")
        .attribute("units", "hours since 2020-01-01");
    file.variable("latitude", arithmetic(ROWS, 90, -0.25), "latitude")
        .attribute("units", "degrees_north");
    file.variable("longitude", arithmetic(COLUMNS, 0, 0.25), "longitude")
        .attribute("units", "degrees_east");
    Object values = counts;
    if (!packed) {
      float[] kelvin = new float[counts.length];
      for (int i = 0; i < kelvin.length; i++) {
        kelvin[i] = 260 + counts[i] / 512f;
      }
      values = kelvin;
    }
    ClassicNetcdf.DataVariable data =
        file.variable("t2m", values, "time", "latitude", "longitude").attribute("units", "K");
    if (packed) {
      data.attribute("scale_factor", 1 / 512.0)
          .attribute("add_offset", 260.0)
          .attribute("_FillValue", (short) -32767);
    }
    return file.toBytes();
  }

  private static double[] arithmetic(int n, double first, double step) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> first + i * step);
    return values;
  }
}
