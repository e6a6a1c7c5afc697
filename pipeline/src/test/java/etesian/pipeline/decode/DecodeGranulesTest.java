package etesian.pipeline.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.netcdf.ClassicNetcdf;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodeGranulesTest {
  private static final byte[] KEY = "era5/t2m".getBytes(UTF_8);

  private OneInputStreamOperatorTestHarness<GranuleRecord, Field> harness;

  @BeforeEach
  void start() throws Exception {
    harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new DecodeGranules()));
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

  private void receive(long offset, byte[] value) throws Exception {
    harness.processElement(
        new StreamRecord<>(new GranuleRecord("etesian.granules.era5", 0, offset, KEY, value)));
  }

  private List<DeadLetter> deadLetters() {
    return harness.getSideOutput(DecodeGranules.REFUSED).stream()
        .map(StreamRecord::getValue)
        .toList();
  }

  private static byte[] granule() {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 2).dimension("latitude", 2).dimension("longitude", 3);
    file.variable("time", new int[] {0, 6}, "time")
        .attribute("units", "hours since 2020-01-01 00:00:00");
    file.variable("latitude", new float[] {50, 40}, "latitude").attribute("units", "degrees_north");
    file.variable("longitude", new float[] {0, 10, 20}, "longitude")
        .attribute("units", "degrees_east");
    file.variable("t2m", new float[12], "time", "latitude", "longitude").attribute("units", "K");
    return file.toBytes();
  }
}
