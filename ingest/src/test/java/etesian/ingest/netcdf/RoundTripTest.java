package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What we write is what we read, however it is laid out. */
class RoundTripTest {
  private static final String[] HOURS = {"hours", "hour", "hr", "h", "Hours"};
  private static final String[] DAYS = {"days", "day", "d", "Days"};
  private static final String[] MONTHS = {"months", "month"};
  private static final String[] ORIGINS = {
    "%s since 1900-01-01",
    "%s since 1900-1-1",
    "%s since 1900-01-01 00:00:00",
    "%s since 1900-01-01T00:00:00Z",
    "%s Since 1900-01-01 00:00:0.0 UTC"
  };

  /** A file to be: values over (time, latitude, longitude) north first, eastwards, and its axes. */
  private record Sample(
      Random random, int times, int rows, int columns, double[] latitudes, double[] longitudes) {

    static Sample of(long seed, int times, int rows, int columns, boolean gaussian) {
      Random random = new Random(seed);
      double step = 0.25 * (1 + random.nextInt(8));
      double north = 0.25 * (random.nextInt(200) - 60);
      double[] latitudes = new double[rows];
      for (int i = 0; i < rows; i++) {
        // Gaussian rows lie nearly, not quite, evenly
        latitudes[i] = north - i * step - (gaussian ? 0.01 * i * i : 0);
      }
      double[] longitudes = new double[columns];
      double west = 0.5 * (random.nextInt(1080) - 360);
      for (int i = 0; i < columns; i++) {
        longitudes[i] = west + i * step;
      }
      return new Sample(random, times, rows, columns, latitudes, longitudes);
    }

    int cells() {
      return rows * columns;
    }

    int size() {
      return times * cells();
    }

    float[] floats() {
      float[] values = new float[size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(5) == 0 ? Float.NaN : 300 * (random.nextFloat() - 0.5f);
      }
      return values;
    }
  }

  @Property(tries = 150)
  void floatsComeBackExactly(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int times,
      @ForAll @IntRange(min = 3, max = 7) int rows,
      @ForAll @IntRange(min = 2, max = 7) int columns,
      @ForAll boolean gaussian,
      @ForAll boolean southFirst,
      @ForAll boolean filled)
      throws Refusal {
    Sample sample = Sample.of(seed, times, rows, columns, gaussian);
    float[] values = sample.floats();
    float[] stored = values.clone();
    ClassicNetcdf file = file(sample, southFirst);
    List<Instant> expected = time(file, sample);
    if (filled) {
      for (int i = 0; i < stored.length; i++) {
        stored[i] = Float.isNaN(stored[i]) ? -999 : stored[i];
      }
    }
    ClassicNetcdf.DataVariable data =
        file.variable("v", flipped(stored, sample, southFirst), "time", "lat", "lon");
    if (filled) {
      data.attribute(sample.random.nextBoolean() ? "_FillValue" : "missing_value", -999f);
    }
    List<Field> fields = Resources.read(file).fields();
    assertThat(fields).extracting(f -> f.frame().validAt()).containsExactlyElementsOf(expected);
    for (int t = 0; t < times; t++) {
      assertThat(fields.get(t).toArray()).isEqualTo(slice(values, sample, t));
      assertThat(fields.get(t).frame().grid().westDegrees()).isEqualTo(sample.longitudes[0]);
      for (int row = 0; row < rows; row++) {
        assertThat(fields.get(t).frame().grid().latitude(row))
            .isCloseTo(sample.latitudes[row], within(1e-5));
      }
    }
  }

  @Property(tries = 100)
  void packingLosesAtMostHalfAStep(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 2) int width, @ForAll boolean southFirst)
      throws Refusal {
    Sample sample = Sample.of(seed, 2, 4, 5, false);
    float[] values = sample.floats();
    double[] steps = {2, 0.01, 1e-6}; // for 8, 16 and 32 bits
    double step = steps[width] * (sample.random.nextBoolean() ? 1 : -1);
    double offset = sample.random.nextInt(100) - 50;
    long fill = new long[] {-128, -32768, -2147483648L}[width];
    long[] packed = new long[values.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = Float.isNaN(values[i]) ? fill : Math.round((values[i] - offset) / step);
    }
    ClassicNetcdf file = file(sample, southFirst);
    time(file, sample);
    Object stored = narrowed(packed, width, sample, southFirst);
    file.variable("v", stored, "time", "lat", "lon")
        .attribute("scale_factor", step)
        .attribute("add_offset", offset)
        .attribute("_FillValue", narrowed(fill, width));
    List<Field> fields = Resources.read(file).fields();
    for (int t = 0; t < 2; t++) {
      float[] read = fields.get(t).toArray();
      float[] written = slice(values, sample, t);
      for (int i = 0; i < read.length; i++) {
        assertThat(Float.isNaN(read[i])).isEqualTo(Float.isNaN(written[i]));
        if (!Float.isNaN(written[i])) {
          assertThat((double) read[i])
              .isCloseTo(written[i], within(Math.abs(step) / 2 + Math.ulp(read[i])));
        }
      }
    }
  }

  @Property(tries = 60)
  void doublesAndIntegersComeBackRoundedToFloat(@ForAll long seed) throws Refusal {
    Sample sample = Sample.of(seed, 2, 3, 4, false);
    double[] doubles = new double[sample.size()];
    int[] ints = new int[sample.size()];
    byte[] bytes = new byte[sample.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = sample.random.nextGaussian() * 1e5;
      ints[i] = sample.random.nextInt();
      bytes[i] = (byte) sample.random.nextInt(256);
    }
    ClassicNetcdf file = file(sample, false);
    time(file, sample);
    file.variable("d", doubles, "time", "lat", "lon");
    file.variable("i", ints, "time", "lat", "lon");
    file.variable("b", bytes, "time", "lat", "lon");
    Granule granule = Resources.read(file);
    for (int i = 0; i < doubles.length; i++) {
      int t = i / sample.cells();
      int cell = i % sample.cells();
      assertThat(Resources.fields(granule, "d").get(t).values().get(cell))
          .isEqualTo((float) doubles[i]);
      assertThat(Resources.fields(granule, "i").get(t).values().get(cell))
          .isEqualTo((float) ints[i]);
      assertThat(Resources.fields(granule, "b").get(t).values().get(cell)).isEqualTo(bytes[i]);
    }
  }

  @Property(tries = 40)
  void theOrderOfDimensionsNeverMatters(@ForAll long seed, @ForAll boolean southFirst)
      throws Refusal {
    Sample sample = Sample.of(seed, 3, 4, 5, false);
    float[] values = sample.floats();
    List<Field> expected = null;
    for (List<String> order : permutations(List.of("time", "lat", "lon", "level", "number"))) {
      ClassicNetcdf file = file(sample, southFirst);
      file.dimension("level", 1).dimension("number", 1);
      file.variable("level", new double[] {500}, "level").attribute("units", "hPa");
      file.variable("number", new int[] {0}, "number").attribute("standard_name", "realization");
      time(file, Sample.of(seed, 3, 4, 5, false));
      float[] stored = reordered(flipped(values, sample, southFirst), sample, order);
      file.variable("v", stored, order.toArray(String[]::new));
      List<Field> fields = Resources.read(file).fields();
      expected = expected == null ? fields : expected;
      assertThat(fields).isEqualTo(expected);
    }
    assertThat(expected).hasSize(3);
    assertThat(expected.get(1).toArray()).isEqualTo(slice(values, sample, 1));
  }

  @Property(tries = 60)
  void recordsAndFixedLengthsGiveTheSame(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int times,
      @ForAll @IntRange(min = 1, max = 3) int variables)
      throws Refusal {
    Random random = new Random(seed);
    int[] shape = {times, 1 + random.nextInt(3), 1 + random.nextInt(3)};
    short[][] values = new short[variables][times * shape[1] * shape[2]];
    for (short[] one : values) {
      for (int i = 0; i < one.length; i++) {
        one[i] = (short) random.nextInt(1 << 14);
      }
    }
    assertThat(Resources.read(RecordFile.bytes(shape, values, true)).fields())
        .hasSize(times * variables)
        .isEqualTo(Resources.read(RecordFile.bytes(shape, values, false)).fields());
  }

  private static ClassicNetcdf file(Sample sample, boolean southFirst) {
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("time", sample.times)
            .dimension("lat", sample.rows)
            .dimension("lon", sample.columns);
    double[] latitudes = sample.latitudes.clone();
    if (southFirst) {
      for (int i = 0; i < latitudes.length; i++) {
        latitudes[i] = sample.latitudes[latitudes.length - 1 - i];
      }
    }
    file.variable("lat", latitudes, "lat").attribute("units", "degrees_north");
    file.variable("lon", sample.longitudes, "lon").attribute("units", "degrees_east");
    return file;
  }

  /** Adds times, evenly spaced, in some unit and spelling. */
  private static List<Instant> time(ClassicNetcdf file, Sample sample) {
    Random random = sample.random;
    int kind = random.nextInt(3);
    String[] names = List.of(HOURS, DAYS, MONTHS).get(kind);
    int first = random.nextInt(1200);
    int step = 1 + random.nextInt(12);
    double[] counts = new double[sample.times];
    List<Instant> instants = new ArrayList<>();
    LocalDate origin = LocalDate.of(1900, 1, 1);
    for (int t = 0; t < counts.length; t++) {
      int count = first + t * step;
      counts[t] = count;
      Instant start = origin.atStartOfDay().toInstant(ZoneOffset.UTC);
      instants.add(
          switch (kind) {
            case 0 -> start.plusSeconds(3600L * count);
            case 1 -> start.plusSeconds(86400L * count);
            default -> origin.plusMonths(count).atStartOfDay().toInstant(ZoneOffset.UTC);
          });
    }
    String units = ORIGINS[random.nextInt(ORIGINS.length)];
    file.variable("time", counts, "time")
        .attribute("units", units.formatted(names[random.nextInt(names.length)]));
    return instants;
  }

  private static float[] flipped(float[] values, Sample sample, boolean southFirst) {
    float[] flipped = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      flipped[place(i, sample, southFirst)] = values[i];
    }
    return flipped;
  }

  private static int place(int i, Sample sample, boolean southFirst) {
    int row = i / sample.columns % sample.rows;
    int to = southFirst ? sample.rows - 1 - row : row;
    return i + (to - row) * sample.columns;
  }

  private static float[] slice(float[] values, Sample sample, int t) {
    return Arrays.copyOfRange(values, t * sample.cells(), (t + 1) * sample.cells());
  }

  private static Object narrowed(long[] packed, int width, Sample sample, boolean southFirst) {
    byte[] bytes = new byte[packed.length];
    short[] shorts = new short[packed.length];
    int[] ints = new int[packed.length];
    for (int i = 0; i < packed.length; i++) {
      int to = place(i, sample, southFirst);
      bytes[to] = (byte) packed[i];
      shorts[to] = (short) packed[i];
      ints[to] = (int) packed[i];
    }
    return List.of(bytes, shorts, ints).get(width);
  }

  private static Object narrowed(long value, int width) {
    return List.of((byte) value, (short) value, (int) value).get(width);
  }

  /** Values over (time, lat, lon) as they lie over {@code order}. */
  private static float[] reordered(float[] values, Sample sample, List<String> order) {
    int[] strides = new int[3];
    int stride = 1;
    List<String> names = List.of("time", "lat", "lon");
    int[] lengths = {sample.times, sample.rows, sample.columns};
    for (int d = order.size() - 1; d >= 0; d--) {
      int which = names.indexOf(order.get(d));
      if (which >= 0) {
        strides[which] = stride;
        stride *= lengths[which];
      }
    }
    float[] reordered = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int column = i % sample.columns;
      int row = i / sample.columns % sample.rows;
      int time = i / sample.cells();
      reordered[time * strides[0] + row * strides[1] + column * strides[2]] = values[i];
    }
    return reordered;
  }

  private static List<List<String>> permutations(List<String> names) {
    if (names.isEmpty()) {
      return List.of(Collections.emptyList());
    }
    List<List<String>> all = new ArrayList<>();
    for (String first : names) {
      List<String> others = new ArrayList<>(names);
      others.remove(first);
      for (List<String> rest : permutations(others)) {
        List<String> one = new ArrayList<>(List.of(first));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }
}
