package etesian.pipeline.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.claim.References;
import etesian.ingest.field.Field;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.Sha256;
import etesian.pipeline.settings.GranuleSettings;
import etesian.pipeline.settings.ReferenceSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeGranulesTest {
  private static final byte[] KEY = "era5/t2m".getBytes(UTF_8);
  private static final String TIME = "hours since 2020-01-01 00:00:00";

  @TempDir Path folder;

  private OneInputStreamOperatorTestHarness<GranuleRecord, Field> harness;

  @BeforeEach
  void start() throws Exception {
    startWith(List.of(), Duration.ofDays(1));
  }

  private void startWith(List<String> modelCalendars, Duration maxAhead) throws Exception {
    ReferenceSettings references =
        new ReferenceSettings(
            List.of(References.root(folder.toUri().toString())), 1 << 20, Duration.ofSeconds(20));
    GranuleSettings settings = new GranuleSettings(references, modelCalendars, maxAhead);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new DecodeGranules(settings, "era5")));
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void aGranuleBecomesItsFieldsAndSaysWhereTheyCameFrom() throws Exception {
    receive(7, granule());
    assertThat(harness.extractOutputValues())
        .extracting(field -> field.frame().validAt())
        .containsExactly(
            Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-01-01T06:00:00Z"));
    assertThat(harness.extractOutputValues())
        .allSatisfy(
            field -> {
              assertThat(field.origin().location()).isEqualTo("etesian.granules.era5/0@7");
              assertThat(field.origin().sha256()).hasSize(64);
            });
  }

  @Test
  void whatIsNoNetcdfKeepsItsBytesAndGetsAReason() throws Exception {
    byte[] text = "not a file".getBytes(UTF_8);
    receive(3, text);
    assertThat(harness.extractOutputValues()).isEmpty();
    DeadLetter letter = deadLetters().get(0);
    assertThat(letter.record().value()).isEqualTo(text);
    assertThat(letter.record().key()).isEqualTo(KEY);
    assertThat(letter.record().offset()).isEqualTo(3);
    assertThat(letter.reasonClass()).isEqualTo("TEXT");
    assertThat(letter.reason()).contains("etesian.granules.era5/0@3");
  }

  @Test
  void theStreamGoesOnAfterABadGranule() throws Exception {
    receive(0, Arrays.copyOf(granule(), 200));
    receive(1, new byte[0]);
    receive(2, granule());
    assertThat(deadLetters()).extracting(DeadLetter::reasonClass).contains("EMPTY").hasSize(2);
    assertThat(harness.extractOutputValues()).hasSize(2);
  }

  /** Event time follows the newest field: one of the year 2999 would make all others late. */
  @Test
  void aGranuleOfAWrongCenturyMovesNoTime() throws Exception {
    byte[] granule = granule("hours since 2999-01-01 00:00:00", "t2m");
    receive(0, granule);
    receive(1, granule());
    assertThat(harness.extractOutputValues()).hasSize(2);
    DeadLetter letter = deadLetters().get(0);
    assertThat(letter.reasonClass()).isEqualTo("FUTURE_TIME");
    assertThat(letter.record().value()).isEqualTo(granule);
    assertThat(letter.reason())
        .startsWith("etesian.granules.era5/0@0 holds t2m valid at 2999-01-01T00:00:00Z")
        .endsWith("raise granules.max_ahead (PT24H)");
  }

  @Test
  void whoeverWantsTheFutureGetsIt() throws Exception {
    byte[] granule = granule("hours since 2999-01-01 00:00:00", "t2m");
    for (List<String> calendars : List.of(List.of("era5"), List.<String>of())) {
      stop();
      startWith(calendars, Duration.ofDays(calendars.isEmpty() ? 1000 * 366 : 0));
      receive(0, granule);
      assertThat(harness.extractOutputValues()).as(calendars.toString()).hasSize(2);
    }
  }

  @Test
  void aReferenceIsReadAndItsFieldsKnowItsContent() throws Exception {
    Path file = Files.write(folder.resolve("a.nc"), granule());
    receive(5, reference(file, Sha256.hex(granule())));
    assertThat(harness.extractOutputValues())
        .hasSize(2)
        .allSatisfy(
            field -> {
              assertThat(field.origin().sha256()).isEqualTo(Sha256.hex(granule()));
              assertThat(field.origin().location()).isEqualTo("etesian.granules.era5/0@5");
            });
  }

  @Test
  void aReferenceThatCannotBeReadIsADeadLetterThatKeepsIt() throws Exception {
    Path file = Files.write(folder.resolve("a.nc"), granule());
    DataReference changed = reference(file, "ab".repeat(32));
    receive(0, changed);
    receive(1, reference(folder.resolve("gone.nc"), Sha256.hex(granule())));
    receive(2, reference(Path.of("/etc/hostname"), Sha256.hex(granule())));
    receive(3, granule());
    assertThat(deadLetters())
        .extracting(DeadLetter::reasonClass)
        .containsExactly("REFERENCE_HASH", "REFERENCE_MISSING", "REFERENCE_NOT_ALLOWED");
    assertThat(deadLetters().get(0).record().reference()).contains(changed);
    assertThat(harness.extractOutputValues()).hasSize(2);
  }

  @Test
  void whatAReferenceLeadsToIsRefusedAsOtherGranulesAre() throws Exception {
    byte[] text = "not a file".getBytes(UTF_8);
    Path file = Files.write(folder.resolve("a.nc"), text);
    receive(0, reference(file, Sha256.hex(text)));
    DeadLetter letter = deadLetters().get(0);
    assertThat(letter.reasonClass()).isEqualTo("TEXT");
    assertThat(letter.sha256()).isEqualTo(Sha256.hex(text));
    assertThat(letter.record().value()).isEmpty();
  }

  @Test
  void aValueIsTakenBeforeAReference() throws Exception {
    DataReference nowhere = reference(folder.resolve("gone.nc"), "");
    receive(new GranuleRecord("etesian.granules.era5", 0, 1, KEY, granule(), Optional.of(nowhere)));
    assertThat(harness.extractOutputValues()).hasSize(2);
  }

  @Test
  void recordsOfBothVersionsAreRead() throws Exception {
    byte[] version1 =
        HexFormat.of()
            .parseHex(
                "01"
                    + "00000001"
                    + "74"
                    + "00000003"
                    + "0000000000000011"
                    + "00000001"
                    + "6b"
                    + "00000002"
                    + "cdf1");
    GranuleRecord old = read(version1);
    assertThat(old.topic()).isEqualTo("t");
    assertThat(old.offset()).isEqualTo(17);
    assertThat(old.value()).hasSize(2);
    assertThat(old.reference()).isEmpty();

    byte[] version2 = Arrays.copyOf(version1, version1.length + 1); // and no reference
    version2[0] = 2;
    assertThat(read(version2).value()).hasSize(2);
    assertThat(read(version2).source()).isEmpty();

    DataReference reference = new DataReference("file:///a.nc", "ab", "7");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new GranuleRecord.RecordCodec()
        .write(
            new GranuleRecord("t", 3, 17, KEY, new byte[0], Optional.of(reference), "file:///b.nc"),
            new DataOutputStream(bytes));
    GranuleRecord read = read(bytes.toByteArray());
    assertThat(read.key()).isEqualTo(KEY);
    assertThat(read.reference()).contains(reference);
    assertThat(read.source()).isEqualTo("file:///b.nc");
  }

  private static GranuleRecord read(byte[] bytes) throws IOException {
    return new GranuleRecord.RecordCodec()
        .read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  private static DataReference reference(Path file, String sha256) {
    return new DataReference(file.toUri().toString(), sha256, "");
  }

  private void receive(long offset, DataReference reference) throws Exception {
    receive(
        new GranuleRecord(
            "etesian.granules.era5", 0, offset, KEY, new byte[0], Optional.of(reference)));
  }

  private void receive(GranuleRecord record) throws Exception {
    harness.processElement(new StreamRecord<>(record));
  }

  private void receive(long offset, byte[] value) throws Exception {
    receive(new GranuleRecord("etesian.granules.era5", 0, offset, KEY, value));
  }

  private List<DeadLetter> deadLetters() {
    return harness.getSideOutput(DecodeGranules.REFUSED).stream()
        .map(StreamRecord::getValue)
        .toList();
  }

  /** Else the winds of a day would all come after the temperatures of its end. */
  @Test
  void ofAllVariablesThoseOfATimeGoOnBeforeTheNext() throws Exception {
    receive(0, granule(TIME, "t2m", "u10"));
    assertThat(harness.extractOutputValues())
        .extracting(field -> field.frame().variable().name())
        .containsExactly("t2m", "u10", "t2m", "u10");
  }

  private static byte[] granule() {
    return granule(TIME, "t2m");
  }

  private static byte[] granule(String timeUnits, String... variables) {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 2).dimension("latitude", 2).dimension("longitude", 3);
    file.variable("time", new int[] {0, 6}, "time").attribute("units", timeUnits);
    file.variable("latitude", new float[] {50, 40}, "latitude").attribute("units", "degrees_north");
    file.variable("longitude", new float[] {0, 10, 20}, "longitude")
        .attribute("units", "degrees_east");
    for (String variable : variables) {
      file.variable(variable, new float[12], "time", "latitude", "longitude")
          .attribute("units", "K");
    }
    return file.toBytes();
  }
}
