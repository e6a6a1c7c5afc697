package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.netcdf.Inspection.Cell;
import etesian.ingest.netcdf.Inspection.VariableReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file and variable against values that netCDF-C computed. */
class InspectionOfRealFilesTest {
  private static final double FLOAT_PRECISION = 1e-6;

  static Stream<String> files() throws IOException {
    List<String> names = new ArrayList<>();
    checks().fieldNames().forEachRemaining(names::add);
    return names.stream().filter(name -> !name.equals("lfs_pointer_named.nc"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void valuesEqualThoseOfNetcdfC(String file) throws Exception {
    Map<String, VariableReport> reports =
        Inspection.of(SharedData.folder().resolve(file)).variables().stream()
            .collect(Collectors.toMap(VariableReport::name, Function.identity()));
    for (Map.Entry<String, JsonNode> check : checks().get(file).properties()) {
      if (check.getKey().equals("_time")) {
        reports.values().forEach(report -> timesEqual(report, check.getValue()));
      } else {
        assertThat(reports).containsKey(check.getKey());
        valuesEqual(reports.get(check.getKey()), check.getValue());
      }
    }
  }

  @Test
  void aPointerIsRefused() throws IOException {
    byte[] pointer = SharedData.file("lfs_pointer_named.nc");
    assertThatThrownBy(() -> Inspection.of(pointer, "lfs_pointer_named.nc"))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason()).isEqualTo(Refusal.Reason.LFS_POINTER));
  }

  private static void valuesEqual(VariableReport found, JsonNode expected) {
    assertThat(found.shape()).isEqualTo(integers(expected.get("shape")));
    assertThat(found.storedType()).isEqualTo(expected.get("stored").asText());
    assertThat(found.missing()).isEqualTo(expected.get("missing").asLong());
    if (!expected.has("min")) {
      assertThat(found.min()).isNull();
      assertThat(found.firstValid()).isNull();
      return;
    }
    near(found.min(), expected.get("min"));
    near(found.max(), expected.get("max"));
    near(found.mean(), expected.get("mean"));
    cellEquals(found.firstValid(), expected, "first_valid");
    cellEquals(found.lastValid(), expected, "last_valid");
  }

  private static void timesEqual(VariableReport found, JsonNode expected) {
    assertThat(found.times().count()).isEqualTo(expected.get("n").asInt());
    assertThat(found.times().first()).isEqualTo(expected.get("first").asText());
    assertThat(found.times().last()).isEqualTo(expected.get("last").asText());
    assertThat(found.times().calendar()).isEqualTo(expected.get("calendar").textValue());
  }

  private static void cellEquals(Cell found, JsonNode expected, String name) {
    assertThat(found.index()).isEqualTo(integers(expected.get(name + "_index")));
    near(found.value(), expected.get(name));
  }

  private static void near(double found, JsonNode expected) {
    double value = expected.asDouble();
    assertThat(found).isCloseTo(value, within(Math.max(1e-9, Math.abs(value) * FLOAT_PRECISION)));
  }

  private static List<Integer> integers(JsonNode array) {
    List<Integer> integers = new ArrayList<>();
    array.forEach(node -> integers.add(node.asInt()));
    return integers;
  }

  private static JsonNode checks() throws IOException {
    return new ObjectMapper().readTree(SharedData.file("checks.json"));
  }
}
