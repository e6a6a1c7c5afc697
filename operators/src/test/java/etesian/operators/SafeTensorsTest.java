package etesian.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir Path folder;

  @Property(tries = 200)
  void whatIsWrittenIsReadBack(@ForAll("weights") Weights weights) {
    byte[] bytes = SafeTensors.write(weights);
    Weights read = SafeTensors.read(bytes);
    assertThat(read).isEqualTo(weights);
    assertThat(SafeTensors.write(read)).isEqualTo(bytes);
  }

  @Provide
  Arbitrary<Weights> weights() {
    Arbitrary<Tensor> tensor =
        Arbitraries.longs()
            .between(0, 4)
            .list()
            .ofMaxSize(3)
            .flatMap(
                shape -> {
                  int n = (int) shape.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
                  return Arbitraries.floats()
                      .array(float[].class)
                      .ofSize(n)
                      .map(v -> new Tensor(v, shape.stream().mapToLong(s -> s).toArray()));
                });
    Arbitrary<String> name = text().ofMinLength(1).ofMaxLength(9);
    return Combinators.combine(
            Arbitraries.maps(name, text().ofMaxLength(9)).ofMaxSize(4),
            Arbitraries.maps(name, tensor).ofMaxSize(4))
        .as(Weights::new);
  }

  private static StringArbitrary text() {
    return Arbitraries.strings().alpha().numeric().withChars(" ./_\"\\é漢");
  }

  @Test
  void theOrderOfInsertionDoesNotChangeTheHash() {
    Tensor a = new Tensor(new float[] {1, 2}, 2);
    Tensor b = new Tensor(new float[] {3}, 1, 1);
    Map<String, Tensor> forwards = new LinkedHashMap<>();
    forwards.put("a", a);
    forwards.put("b", b);
    Map<String, Tensor> backwards = new LinkedHashMap<>();
    backwards.put("b", b);
    backwards.put("a", a);
    assertThat(SafeTensors.sha256(new Weights(Map.of("x", "1"), forwards)))
        .isEqualTo(SafeTensors.sha256(new Weights(Map.of("x", "1"), backwards)));
  }

  @Test
  void savingReplacesTheFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(file, "old");
    Weights weights = new Weights(Map.of("k", "v"), Map.of("t", new Tensor(new float[] {7}, 1)));
    SafeTensors.save(weights, file);
    assertThat(SafeTensors.read(file)).isEqualTo(weights);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** Bytes worked by hand: -1.5 in each type. */
  @ParameterizedTest
  @CsvSource({"F64,00 00 00 00 00 00 f8 bf", "F32,00 00 c0 bf", "F16,00 be", "BF16,c0 bf"})
  void allFloatTypesAreReadAsFloat32(String type, String hex) {
    byte[] data = HexFormat.ofDelimiter(" ").parseHex(hex);
    String header =
        "{'t':{'dtype':'" + type + "','shape':[1],'data_offsets':[0," + data.length + "]}}";
    assertThat(SafeTensors.read(file(header, data)).tensors())
        .containsEntry("t", new Tensor(new float[] {-1.5f}, 1));
  }

  @Test
  void countersAreReadAsFloat32() {
    byte[] data = HexFormat.ofDelimiter(" ").parseHex("d2 04 00 00 00 00 00 00"); // 0x4d2
    String header = "{'t':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}";
    assertThat(SafeTensors.read(file(header, data)).tensors())
        .containsEntry("t", new Tensor(new float[] {1234}));
  }

  @ParameterizedTest
  @CsvSource({"1,5.9604645E-8", "31744,Infinity", "64512,-Infinity", "31745,NaN", "31743,65504"})
  void extremeHalfPrecisionNumbersAreExact(int bits, float value) {
    byte[] data = {(byte) bits, (byte) (bits >> 8)};
    Weights read =
        SafeTensors.read(file("{'t':{'dtype':'F16','shape':[],'data_offsets':[0,2]}}", data));
    assertThat(read.tensors().get("t").values()).containsExactly(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'t':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | do not fill bytes 0..4",
        "{'t':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | take 4 of 8 bytes",
        "{'t':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | expected to begin at 0",
        "{'t':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | 0..12 of 8 bytes",
        "{'t':{'dtype':'I32','shape':[2],'data_offsets':[0,8]}} | dtype 'I32', expected F32",
        "{'t':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | expected whole numbers >= 0",
        "{'t':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}} | too large",
        "{'t':{'dtype':'F32','data_offsets':[0,8]}} | shape is missing",
        "{'t':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | not two numbers",
        "{'t':7} | dtype ''",
        "{'__metadata__':{'a':1}} | 'a' is not a text",
        "{'a':{},'a':{}} | not JSON",
        "[1,2] | not a JSON object",
        "{'t': | not JSON",
      })
  void malformedHeadersAreRefused(String header, String reason) {
    assertThatThrownBy(() -> SafeTensors.read(file(header, new byte[8])))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void overlappingTensorsAreRefused() {
    String header =
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}";
    assertThatThrownBy(() -> SafeTensors.read(file(header, new byte[8])))
        .hasMessageContaining("tensor 'b' lies at bytes 4..8");
  }

  @Test
  void truncatedFilesAreRefused() {
    byte[] whole =
        SafeTensors.write(new Weights(Map.of(), Map.of("t", new Tensor(new float[] {1, 2}, 2))));
    for (int length : List.of(0, 7, 8, 20, whole.length - 1)) {
      assertThatThrownBy(() -> SafeTensors.read(Arrays.copyOf(whole, length)))
          .isInstanceOf(WeightsException.class);
    }
  }

  private static byte[] file(String header, byte[] data) {
    byte[] json = header.trim().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }
}
