package etesian.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GranuleNetcdfTest {
  private static final Variable T2M = new Variable("t2m", "K", "2 metre temperature", "");
  private static final Variable SST =
      new Variable("sst", "degC", "température de surface", "sea_surface_temperature");
  private static final Origin ORIGIN = new Origin("ab", "test");

  private final GranuleReader reader = new GranuleReader();

  @Property(tries = 60)
  void whatIsReadFromAPartIsWhatWasWritten(
      @ForAll @IntRange(min = 2, max = 9) int rows,
      @ForAll @IntRange(min = 2, max = 12) int columns,
      @ForAll @IntRange(min = 1, max = 80) int quarters,
      @ForAll boolean provisional,
      @ForAll long seed)
      throws Refusal {
    Random random = new Random(seed);
    double step = Math.min(quarters * 0.25, Math.min(170.0 / rows, 350.0 / columns));
    step = Math.floor(step * 4) / 4;
    Grid grid = new Grid(rows, columns, 85, -30, step, step);
    Instant validAt =
        Instant.ofEpochMilli(random.nextLong(-4_000_000_000_000L, 4_000_000_000_000L));
    List<Field> fields =
        List.of(
            field(SST, grid, validAt, provisional, random),
            field(T2M, grid, validAt, provisional, random));
    byte[] bytes = GranuleNetcdf.write(fields);
    assertThat(reader.read(bytes, "part", ORIGIN).fields()).isEqualTo(fields);
    assertThat(GranuleNetcdf.write(fields)).isEqualTo(bytes);
    assertThat(GranuleNetcdf.sizeAtMost(fields)).isGreaterThanOrEqualTo(bytes.length);
  }

  @Test
  void everyFieldOfTheRealFilesSurvives() throws IOException {
    String shared = System.getProperty("etesian.shared", "");
    Path data = Path.of(shared, "data");
    Assumptions.assumeTrue(
        !shared.isEmpty() && Files.isDirectory(data), "no real files: etesian.shared is not set");
    List<Path> files;
    try (Stream<Path> tree = Files.walk(data)) {
      files = tree.filter(file -> file.toString().endsWith(".nc")).sorted().toList();
    }
    int granules = 0;
    for (Path file : files) {
      List<Field> fields;
      try {
        fields = reader.read(Files.readAllBytes(file), file.toString(), ORIGIN).fields();
      } catch (Refusal refusal) {
        continue; // refused files have tests of their own
      }
      granules++;
      for (List<Field> group : byFrame(fields).values()) {
        assertThat(read(group)).as("%s", file).isEqualTo(group);
      }
    }
    assertThat(granules).isPositive();
  }

  @Test
  void aVariableMayHaveTheNameOfACoordinate() throws Refusal {
    Grid grid = new Grid(2, 3, 10, 0, 10, 10);
    Variable odd = new Variable("latitude_", "K", "", "");
    List<Field> fields = List.of(field(odd, grid, Instant.EPOCH, false, new Random(1)));
    assertThat(read(fields)).isEqualTo(fields);
  }

  @Test
  void differentTimesDoNotFitIntoOnePart() {
    Grid grid = new Grid(2, 3, 10, 0, 10, 10);
    Field now = field(T2M, grid, Instant.EPOCH, false, new Random(1));
    Field later = field(SST, grid, Instant.EPOCH.plusSeconds(1), false, new Random(1));
    assertThatThrownBy(() -> GranuleNetcdf.write(List.of(now, later)))
        .hasMessageContaining("two frames");
    assertThatThrownBy(() -> GranuleNetcdf.write(List.of(now, now))).hasMessageContaining("twice");
  }

  private List<Field> read(List<Field> fields) {
    try {
      return reader.read(GranuleNetcdf.write(fields), "part", ORIGIN).fields();
    } catch (Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }

  private static Map<Object, List<Field>> byFrame(List<Field> fields) {
    Map<Object, List<Field>> groups = new LinkedHashMap<>();
    for (Field field : fields) {
      groups
          .computeIfAbsent(
              List.of(field.frame().validAt(), field.frame().grid(), field.revision()),
              key -> new ArrayList<>())
          .add(field);
    }
    return groups;
  }

  private static Field field(
      Variable variable, Grid grid, Instant validAt, boolean provisional, Random random) {
    float[] values = new float[grid.cells()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == 1 ? Float.NaN : 200 + 100 * random.nextFloat();
    }
    return new Field(new Frame(variable, grid, validAt), provisional ? 0 : 1, ORIGIN, values);
  }
}
