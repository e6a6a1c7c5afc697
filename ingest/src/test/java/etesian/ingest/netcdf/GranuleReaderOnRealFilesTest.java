package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Refusal.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GranuleReaderOnRealFilesTest {
  private static final GranuleReader READER = new GranuleReader();

  @Test
  void legacyPackedHourlyFieldsKeepTheirTimes() throws Refusal {
    List<Field> fields = read("era5_legacy_t2m_hourly_sep1979-2020_flanders_5x5.nc").fields();
    assertThat(fields).hasSize(30240);
    assertThat(first(fields).frame().validAt()).isEqualTo("1979-09-01T00:00:00Z");
    assertThat(last(fields).frame().validAt()).isEqualTo("2020-09-30T23:00:00Z");
    assertThat(first(fields).frame().variable().units()).isEqualTo("K");
    assertThat(first(fields).value(0, 0)).isEqualTo(289.83898443287507f);
    assertThat(last(fields).value(4, 4)).isEqualTo(287.7006389627292f);
    assertThat(first(fields).revision()).isEqualTo(1);
  }

  @Test
  void theExpverDimensionIsMergedToFinalWhereThereIsOne() throws Refusal {
    List<Field> fields = read("era5_legacy_u100v100_monthly_2020-2021_expver_9x9.nc").fields();
    List<Field> u100 =
        fields.stream().filter(f -> f.frame().variable().name().equals("u100")).toList();
    assertThat(fields).hasSize(44);
    assertThat(u100).hasSize(22).allSatisfy(f -> assertThat(f.missing()).isZero());
    assertThat(u100.subList(0, 19)).allSatisfy(f -> assertThat(f.revision()).isEqualTo(1));
    assertThat(last(u100).revision()).isZero();
    assertThat(first(u100).value(0, 0)).isEqualTo(-0.2665438984201245f);
    assertThat(last(u100).value(8, 8)).isEqualTo(-0.9371052685642249f);
  }

  @Test
  void theExpverOfEachTimeBecomesItsRevision() throws Refusal {
    List<Field> t2m =
        read("era5_new_t2m_slt_monthly12h_2014-2024_india_5x5.nc").fields().stream()
            .filter(f -> f.frame().variable().name().equals("t2m"))
            .toList();
    assertThat(t2m).hasSize(132);
    assertThat(t2m.subList(0, 131)).allSatisfy(f -> assertThat(f.revision()).isEqualTo(1));
    assertThat(last(t2m).revision()).isZero();
  }

  @Test
  void aScalarExpverIsTheRevisionOfAllTimes() throws Refusal {
    List<Field> fields = read("era5land_new_t2m_monthly_australia_202510.nc").fields();
    assertThat(fields).hasSize(1);
    assertThat(first(fields).revision()).isZero();
    assertThat(first(fields).frame().grid()).isEqualTo(new Grid(351, 481, -9, 112, 0.1, 0.1));
  }

  @Test
  void eachLevelIsAVariable() throws Refusal {
    assertThat(read("era5_like_tz_pl_2levels_20070101_1deg_global.nc").fields())
        .extracting(f -> f.frame().variable().name())
        .containsExactly("t_500", "t_850", "z_500", "z_850");
    assertThat(read("era5_legacy_t_pl_monthly_1980-2020_5x5.nc").fields())
        .extracting(f -> f.frame().variable().name())
        .containsOnly("t");
  }

  @Test
  void aWrongCalendarLabelIsOverruledWithANote() throws Refusal {
    Granule granule = read("sst_ersstv5_npac_monthly_1950-2019_19x51.nc");
    assertThat(granule.fields()).hasSize(832);
    assertThat(first(granule.fields()).frame().validAt()).isEqualTo("1950-01-01T00:00:00Z");
    assertThat(last(granule.fields()).frame().validAt()).isEqualTo("2019-04-01T00:00:00Z");
    assertThat(first(granule.fields()).frame().grid()).isEqualTo(new Grid(19, 51, 66, 150, 2, 2));
    assertThat(granule.notes()).singleElement().asString().contains("360_day", "Gregorian");
  }

  @Test
  void rowsAreTurnedNorthFirst() throws Refusal {
    Field npac = first(read("sst_ersstv5_npac_monthly_1950-2019_19x51.nc").fields());
    assertThat(npac.value(18, 0)).isEqualTo(19.65337371826172f); // stored first, 30 degrees north
    Field tasmania = first(read("sst_oisst_daily_2003-2004_tasmania_8x4.nc").fields());
    assertThat(tasmania.frame().grid().rows()).isEqualTo(8);
    assertThat(tasmania.frame().grid().latitude(0))
        .isGreaterThan(tasmania.frame().grid().latitude(7));
  }

  @Test
  void aGlobalGridWrapsAround() throws Refusal {
    List<Field> fields = read("sst_ersstv5_global_monthly_2010-2020_2deg.nc").fields();
    assertThat(fields).hasSize(128);
    assertThat(first(fields).frame().grid()).isEqualTo(new Grid(89, 180, 88, 0, 2, 2));
    assertThat(first(fields).frame().grid().wrapsAround()).isTrue();
    assertThat(first(fields).missing()).isEqualTo(16020 - 10988);
  }

  @Test
  void aFieldOfLandOnlyIsAllMissing() throws Refusal {
    List<Field> fields = read("sst_oisst_daily_all-land_40x80.nc").fields();
    assertThat(fields).hasSize(731).allSatisfy(f -> assertThat(f.missing()).isEqualTo(3200));
  }

  @ParameterizedTest
  @CsvSource({
    "cmip_tas_noleap_monthly_2007-2009_96x144.nc, UNSUPPORTED_CALENDAR",
    "hadgem_tas_360day_monthly_300steps_2x2.nc, UNSUPPORTED_CALENDAR",
    "nemo_curvilinear_tos_2015-03.nc, UNSUPPORTED_GRID",
    "tiny_xarray.nc, NO_FIELDS",
    "lfs_pointer_named.nc, LFS_POINTER"
  })
  void whatIsNoFieldIsRefused(String file, Reason reason) {
    assertThat(refusal(SharedData.file(file)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "era5_2t_legacy_split_1.nc",
        "sst_lsmask_oisst_1deg.nc", // with a record dimension
        "era5_new_u10v10_6h_20250523_bengal_61x73.nc",
        "sst_ersstv5_global_monthly_2010-2020_2deg.nc"
      })
  void truncatedFilesAreRefused(String file) throws Refusal {
    byte[] whole = SharedData.file(file);
    assertThat(READER.read(whole, file, new Origin("", file)).fields()).isNotEmpty();
    for (int missing : new int[] {5, 100, whole.length / 2, whole.length - 6}) {
      assertThat(refusal(Arrays.copyOf(whole, whole.length - missing)).reason())
          .isEqualTo(Reason.TRUNCATED);
    }
  }

  @Test
  void aHugeVariableIsRefusedBeforeItIsRead() {
    byte[] bytes = SharedData.file("sst_ersstv5_global_monthly_2010-2020_2deg.nc");
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                new GranuleReader(Limits.DEFAULT.withMaxElements(1_000_000))
                    .read(bytes, "sst.nc", new Origin("", "")));
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void threadsShareAReader() throws Exception {
    String name = "era5_new_t2m_slt_monthly12h_2014-2024_india_5x5.nc";
    List<Field> expected = read(name).fields();
    byte[] bytes = SharedData.file(name);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Granule>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(threads.submit(() -> READER.read(bytes, name, new Origin("", name))));
      }
      for (Future<Granule> one : all) {
        assertThat(one.get().fields()).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void timesAreInstants() throws Refusal {
    assertThat(read("era5_new_u10v10_6h_20250523_bengal_61x73.nc").fields())
        .extracting(f -> f.frame().validAt())
        .contains(Instant.parse("2025-05-23T18:00:00Z"), Instant.parse("2025-05-28T23:00:00Z"));
  }

  private static Granule read(String file) throws Refusal {
    return READER.read(SharedData.file(file), file, new Origin("", file));
  }

  private static Refusal refusal(byte[] bytes) {
    return catchThrowableOfType(
        Refusal.class, () -> READER.read(bytes, "test.nc", new Origin("", "test.nc")));
  }

  private static <T> T first(List<T> list) {
    return list.get(0);
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }
}
