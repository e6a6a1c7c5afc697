package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import ucar.nc2.NetcdfFile;
import ucar.nc2.constants.CDM;

class ForecastNetcdfTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aForecastComesBack() throws Refusal {
    byte[] bytes = ForecastNetcdf.write(Samples.forecast(), "1.2.3", NOW);
    assertThat(ForecastNetcdf.read(bytes)).isEqualTo(Samples.forecast());
    assertThat(ForecastNetcdf.read(ForecastNetcdf.write(Samples.superseding(), "1.2.3", NOW)))
        .isEqualTo(Samples.superseding());
  }

  @Test
  void aForecastWithUnevenRowsComesBack() throws Exception {
    byte[] bytes = ForecastNetcdf.write(Samples.gaussianForecast(), "1.2.3", NOW);
    assertThat(ForecastNetcdf.read(bytes)).isEqualTo(Samples.gaussianForecast());
    try (NetcdfFile file = NetcdfFile.openInMemory("forecast.nc", bytes)) {
      assertThat(file.findGlobalAttribute("geospatial_lat_resolution")).isNull();
    }
  }

  @Property(tries = 100)
  void everyForecastComesBack(
      @ForAll @AlphaChars @StringLength(min = 1, max = 12) String name,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 5) int leads,
      @ForAll @IntRange(max = 5) int inputs,
      @ForAll @LongRange(min = -4_000_000_000_000L, max = 4_000_000_000_000L) long millis,
      @ForAll long seed)
      throws Refusal {
    Random random = new Random(seed);
    List<Forecast.Step> steps = new ArrayList<>();
    for (int i = 0; i < leads; i++) {
      float[] values = new float[rows * columns];
      for (int j = 0; j < values.length; j++) {
        values[j] = random.nextInt(4) == 0 ? Float.NaN : (float) (300 * random.nextGaussian());
      }
      steps.add(new Forecast.Step(i + 3, Instant.ofEpochMilli(millis + 3_600_000L * i), values));
    }
    List<Origin> origins = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      origins.add(new Origin(Sha256.hex(new byte[] {(byte) i}), "a topic/0@" + i));
    }
    Forecast forecast =
        new Forecast(
            "stream " + name,
            new Variable("x" + name, "m s**-1", "", "eastward_wind"),
            new Grid(rows, columns, random.nextDouble() * 90, random.nextDouble(), 1 / 3.0, 0.1),
            Instant.ofEpochMilli(millis),
            random.nextInt(5),
            steps,
            "model " + name,
            "",
            origins);
    assertThat(ForecastNetcdf.read(ForecastNetcdf.write(forecast, "dev", NOW))).isEqualTo(forecast);
  }

  @Test
  void oneRunIsWrittenAsBeforeThereWereEnsembles() throws Exception {
    try (InputStream stored = ForecastNetcdfTest.class.getResourceAsStream("one-run.nc")) {
      assertThat(ForecastNetcdf.write(Samples.superseding(), "1.2.3", NOW))
          .isEqualTo(stored.readAllBytes());
    }
  }

  @Test
  void anEnsembleComesBackWithoutMembersUnlessEveryStepHasThem() throws Refusal {
    Forecast some = Samples.ensemble(); // its second step has none
    assertThat(ForecastNetcdf.read(ForecastNetcdf.write(some, "1.2.3", NOW)))
        .isEqualTo(some.withoutMembers());
    Forecast all = Samples.with(some, some.steps().subList(0, 1));
    assertThat(ForecastNetcdf.read(ForecastNetcdf.write(all, "1.2.3", NOW))).isEqualTo(all);
  }

  @Property(tries = 100)
  void everyEnsembleComesBack(
      @ForAll @IntRange(min = 1, max = 4) int leads,
      @ForAll @IntRange(min = 2, max = 7) int size,
      @ForAll @IntRange(max = 3) int quantiles,
      @ForAll boolean keepMembers,
      @ForAll long seed)
      throws Refusal {
    Random random = new Random(seed);
    List<Forecast.Step> steps = new ArrayList<>();
    for (int lead = 1; lead <= leads; lead++) {
      List<Ensemble.Quantile> some = new ArrayList<>();
      for (int i = 0; i < quantiles; i++) {
        some.add(new Ensemble.Quantile((i + 0.5) / quantiles, six(random)));
      }
      List<float[]> members = new ArrayList<>();
      for (int i = 0; keepMembers && i < size; i++) {
        members.add(six(random));
      }
      steps.add(
          new Forecast.Step(
              lead,
              Instant.ofEpochSecond(3600L * lead),
              six(random),
              new Ensemble(size, six(random), some, members)));
    }
    Forecast forecast = Samples.with(Samples.forecast(), steps);
    assertThat(ForecastNetcdf.read(ForecastNetcdf.write(forecast, "dev", NOW)))
        .isEqualTo(Samples.with(Samples.forecast(), steps));
  }

  private static float[] six(Random random) {
    float[] values = new float[6];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(4) == 0 ? Float.NaN : random.nextFloat();
    }
    return values;
  }

  @Test
  void anEnsembleSaysWhatItsVariablesAre() throws Exception {
    Forecast whole = Samples.with(Samples.ensemble(), Samples.ensemble().steps().subList(0, 1));
    byte[] bytes = ForecastNetcdf.write(whole, "1.2.3", NOW);
    try (NetcdfFile file = NetcdfFile.openInMemory("forecast.nc", bytes)) {
      assertThat(file.findVariable("sst").getNameAndDimensions())
          .isEqualTo("sst(lead=1, latitude=2, longitude=3)");
      assertThat(file.findVariable("sst_spread").getNameAndDimensions())
          .isEqualTo("sst_spread(lead=1, latitude=2, longitude=3)");
      assertThat(file.findVariable("sst_quantile").getNameAndDimensions())
          .isEqualTo("sst_quantile(lead=1, quantile=2, latitude=2, longitude=3)");
      assertThat(file.findVariable("sst_member").getNameAndDimensions())
          .isEqualTo("sst_member(lead=1, realization=3, latitude=2, longitude=3)");
      assertThat(text(file, "sst", "cell_methods")).isEqualTo("realization: mean");
      assertThat(text(file, "sst_spread", "cell_methods"))
          .isEqualTo("realization: standard_deviation");
      assertThat(text(file, "sst_spread", CDM.UNITS)).isEqualTo("K");
      assertThat(text(file, "realization", "standard_name")).isEqualTo("realization");
    }
  }

  private static String text(NetcdfFile file, String variable, String attribute) {
    return file.findVariable(variable).findAttribute(attribute).getStringValue();
  }

  @Test
  void anyReaderOfFieldsSeesValidTimesAndValues() throws Refusal {
    byte[] bytes = ForecastNetcdf.write(Samples.forecast(), "1.2.3", NOW);
    List<Field> fields =
        new GranuleReader().read(bytes, "forecast.nc", new Origin("", "")).fields();
    assertThat(fields)
        .extracting(field -> field.frame().validAt())
        .containsExactly(
            Instant.parse("2019-07-01T00:00:00Z"), Instant.parse("2019-08-01T00:00:00Z"));
    assertThat(fields.get(0).frame().grid()).isEqualTo(Samples.GRID);
    assertThat(fields.get(0).frame().variable()).isEqualTo(Samples.SST);
    assertThat(fields.get(0).toArray()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void theFileSaysWhereItCameFrom() throws Exception {
    byte[] bytes = ForecastNetcdf.write(Samples.forecast(), "1.2.3", NOW);
    try (NetcdfFile file = NetcdfFile.openInMemory("forecast.nc", bytes)) {
      assertThat(global(file, "Conventions")).isEqualTo("CF-1.10, ACDD-1.3");
      assertThat(global(file, "etesian_code_version")).isEqualTo("1.2.3");
      assertThat(global(file, "etesian_weights_sha256")).isEqualTo("ab".repeat(32));
      assertThat(global(file, "etesian_inputs").lines()).hasSize(2);
      assertThat(global(file, "id")).isEqualTo(ForecastEvents.id(Samples.forecast()));
      assertThat(file.findVariable("sst").findAttribute(CDM.UNITS).getStringValue()).isEqualTo("K");
    }
  }

  @Test
  void anotherNetcdfFileIsRefusedByWhatItLacks() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("x", 1);
    file.variable("x", new int[] {1}, "x");
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> ForecastNetcdf.read(file.toBytes()));
    assertThat(refusal).hasMessageContaining("etesian_variable");
    assertThat(
            catchThrowableOfType(Refusal.class, () -> ForecastNetcdf.read("no".getBytes(UTF_8)))
                .reason())
        .isEqualTo(Refusal.Reason.TEXT);
  }

  private static String global(NetcdfFile file, String name) {
    return file.findGlobalAttribute(name).getStringValue();
  }
}
