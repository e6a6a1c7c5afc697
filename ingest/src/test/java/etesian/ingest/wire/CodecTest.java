package etesian.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class CodecTest {

  @Test
  void storedFieldsOfEveryVersionStillDecode() throws IOException {
    assertThat(stored("field-v1.bin", FieldCodec.INSTANCE)).isEqualTo(Samples.field());
    assertThat(stored("field-v2.bin", FieldCodec.INSTANCE)).isEqualTo(Samples.gaussianField());
  }

  @Test
  void storedForecastsOfEveryVersionStillDecode() throws IOException {
    assertThat(stored("forecast-v1.bin", ForecastCodec.INSTANCE)).isEqualTo(Samples.forecast());
    assertThat(stored("forecast-v2.bin", ForecastCodec.INSTANCE))
        .isEqualTo(Samples.gaussianForecast());
    assertThat(stored("forecast-v3.bin", ForecastCodec.INSTANCE)).isEqualTo(Samples.superseding());
    assertThat(stored("forecast-v4.bin", ForecastCodec.INSTANCE)).isEqualTo(Samples.ensemble());
  }

  /** The first layout of a grid, which state with even rows keeps. */
  @Test
  void aGridWithEvenRowsIsWrittenAsEver() throws IOException {
    String first =
        "00000002"
            + "00000003" // rows, columns
            + "404e200000000000"
            + "c029000000000000" // 60.25 N, 12.5 W
            + "3fd0000000000000"
            + "3fe0000000000000"; // 0.25 and 0.5 degrees
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Binary.grid(Samples.GRID, new DataOutputStream(out));
    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(first);
    byte[] bytes = HexFormat.of().parseHex(first);
    assertThat(Binary.grid(new DataInputStream(new ByteArrayInputStream(bytes))))
        .isEqualTo(Samples.GRID);
    assertThat(bytes(Samples.field(), FieldCodec.INSTANCE)[0]).isEqualTo((byte) 1);
    assertThat(bytes(Samples.forecast(), ForecastCodec.INSTANCE)[0]).isEqualTo((byte) 1);
  }

  @Property(tries = 100)
  void aGridWithUnevenRowsComesBack(
      @ForAll @IntRange(min = 2, max = 40) int rows, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    double[] latitudes = new double[rows];
    double latitude = 90;
    for (int row = 0; row < rows; row++) {
      latitude -= (0.1 + 0.9 * random.nextDouble()) * 180 / (rows + 1);
      latitudes[row] = latitude;
    }
    Grid grid = Grid.ofRows(latitudes, 7, random.nextDouble(), random.nextDouble() + 0.1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Binary.grid(grid, new DataOutputStream(out));
    assertThat(Binary.grid(new DataInputStream(new ByteArrayInputStream(out.toByteArray()))))
        .isEqualTo(grid);
  }

  @Test
  void aNewerVersionIsRefusedByName() throws IOException {
    byte[] bytes = bytes(Samples.field(), FieldCodec.INSTANCE);
    bytes[0] = 3;
    assertThatThrownBy(() -> value(bytes, FieldCodec.INSTANCE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a field has binary version 3, this code reads 1 to 2");
  }

  @Test
  void aForecastComesBack() throws IOException {
    Forecast forecast = Samples.forecast();
    assertThat(value(bytes(forecast, ForecastCodec.INSTANCE), ForecastCodec.INSTANCE))
        .isEqualTo(forecast);
  }

  @Test
  void anEnsembleComesBackAndOneRunIsWrittenAsEver() throws IOException {
    Forecast ensemble = Samples.ensemble();
    assertThat(value(bytes(ensemble, ForecastCodec.INSTANCE), ForecastCodec.INSTANCE))
        .isEqualTo(ensemble);
    try (InputStream stored = CodecTest.class.getResourceAsStream("forecast-v3.bin")) {
      assertThat(bytes(Samples.superseding(), ForecastCodec.INSTANCE))
          .isEqualTo(stored.readAllBytes());
    }
  }

  @Property(tries = 200)
  void aFieldComesBackBitForBit(
      @ForAll @NotBlank String name,
      @ForAll String text,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 40) int columns,
      @ForAll long seconds,
      @ForAll int revision,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    Field field =
        new Field(
            new Frame(
                new Variable(name, "K", encodable(text), ""),
                new Grid(rows, columns, random.nextDouble(), random.nextDouble(), 1, 1 / 3.0),
                Instant.ofEpochMilli(seconds / 1000)),
            revision,
            new Origin("", encodable(text)),
            values);
    assertThat(value(bytes(field, FieldCodec.INSTANCE), FieldCodec.INSTANCE))
        .isEqualTo(
            new Field(
                new Frame(
                    new Variable(encodable(name), "K", encodable(text), ""),
                    field.frame().grid(),
                    field.frame().validAt()),
                revision,
                field.origin(),
                values));
  }

  /** Without lone surrogates, which no encoding of text keeps. */
  private static String encodable(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static <T> T stored(String name, Codec<T> codec) throws IOException {
    try (InputStream in = CodecTest.class.getResourceAsStream(name)) {
      return codec.read(new DataInputStream(in));
    }
  }

  private static <T> byte[] bytes(T value, Codec<T> codec) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(out));
    return out.toByteArray();
  }

  private static <T> T value(byte[] bytes, Codec<T> codec) throws IOException {
    return codec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
