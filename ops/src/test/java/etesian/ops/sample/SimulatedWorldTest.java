package etesian.ops.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedWorldTest {
  private static final Instant START = Instant.parse("2020-01-05T00:00:00Z");

  private static List<Field> read(SampleGranule granule) throws Refusal {
    return new GranuleReader()
        .read(granule.bytes(), granule.fileName(), new Origin("", granule.fileName()))
        .fields();
  }

  private static Field field(List<Field> fields, String variable, Instant at) {
    return fields.stream()
        .filter(f -> f.frame().variable().name().equals(variable))
        .filter(f -> f.frame().validAt().equals(at))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDayOfTheAtmosphereInTheLegacyLayoutReadsBackWithinItsPacking() throws Exception {
    SimulatedAtmosphere truth = new SimulatedAtmosphere(5, START);
    SampleGranule granule = new SimulatedWorld(5, START).atmosphere().next(4);
    assertThat(granule.dataset()).isEqualTo("era5");
    assertThat(granule.fileName()).isEqualTo("simulated_era5_20200105T0000.nc");
    assertThat(granule.last()).isEqualTo(START.plus(Duration.ofHours(18)));

    List<Field> fields = read(granule);

    assertThat(fields).hasSize(12); // three variables, four times
    for (int i = 0; i < 4; i++) {
      Field t2m = field(fields, "t2m", START.plus(SimulatedAtmosphere.STEP.multipliedBy(i)));
      assertThat(t2m.frame().grid()).isEqualTo(SimulatedAtmosphere.GRID);
      assertThat(t2m.frame().variable()).isEqualTo(SimulatedAtmosphere.T2M);
      float[] expected = truth.next().get(SimulatedAtmosphere.T2M);
      for (int cell = 0; cell < expected.length; cell++) {
        assertThat(t2m.toArray()[cell]).isCloseTo(expected[cell], within(0.002f));
      }
    }
  }

  @Test
  void theSeaInThePresentLayoutReadsBackExactly() throws Exception {
    SimulatedOcean truth = new SimulatedOcean(6, START);
    SampleGranule granule = new SimulatedWorld(5, START).ocean().next(13);

    List<Field> fields = read(granule);

    assertThat(fields).hasSize(13);
    for (int week = 0; week < 13; week++) {
      Field sst = field(fields, "sst", START.plus(SimulatedOcean.STEP.multipliedBy(week)));
      assertThat(sst.revision()).isEqualTo(1); // expver 0001 is final
      assertThat(sst.frame().grid()).isEqualTo(SimulatedOcean.GRID);
      assertThat(sst.toArray()).isEqualTo(truth.next());
    }
  }

  @Test
  void granulesFollowEachOtherAndChangeTheirLayoutOnce() throws Exception {
    GranuleSeries series = new SimulatedWorld(5, START).atmosphere();
    byte[] before = new byte[0];
    byte[] after = new byte[0];
    for (int day = 0; day < 62; day++) {
      assertThat(series.nextAt()).isEqualTo(START.plus(Duration.ofDays(day)));
      SampleGranule granule = series.next(4);
      if (day == 59) {
        before = granule.bytes();
      }
      after = granule.bytes();
    }
    assertThat(after.length).isGreaterThan((int) (1.5 * before.length)); // floats, no longer packed
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    SimulatedWorld one = new SimulatedWorld(11, START);
    SimulatedWorld other = new SimulatedWorld(11, START);
    for (int i = 0; i < 3; i++) {
      assertThat(one.atmosphere().next(4).bytes()).isEqualTo(other.atmosphere().next(4).bytes());
      assertThat(one.ocean().next(2).bytes()).isEqualTo(other.ocean().next(2).bytes());
    }
  }

  @Test
  void everyFileSaysThatItIsSimulated() {
    SimulatedWorld world = new SimulatedWorld(1, START);
    for (SampleGranule granule : List.of(world.atmosphere().next(1), world.ocean().next(1))) {
      assertThat(new String(granule.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .contains("SIMULATED fields");
    }
  }
}
