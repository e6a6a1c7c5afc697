package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Limits;
import etesian.ops.sample.SimulatedAtmosphere;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamGranulesTest {
  @Test
  void aFileHoldsThreeVariablesOfOneHourAroundTheGlobe() throws Exception {
    StreamGranules granules = new StreamGranules(StreamGranules.GLOBE);
    granules.next();
    List<Field> fields = read(granules.next());
    assertThat(fields)
        .extracting(field -> field.frame().variable().name())
        .containsExactlyInAnyOrder("t2m", "u10", "v10");
    assertThat(fields)
        .allSatisfy(
            field -> {
              assertThat(field.frame().grid()).isEqualTo(StreamGranules.GLOBE);
              assertThat(field.frame().validAt())
                  .isEqualTo(StreamGranules.START.plus(Duration.ofHours(1)));
              assertThat(field.missing()).isZero();
            });
  }

  @Test
  void betweenTheStepsOfTheSimulationTimeIsLinear() {
    SimulatedAtmosphere simulated = new SimulatedAtmosphere(1, StreamGranules.START);
    float[] first = simulated.next().get(SimulatedAtmosphere.T2M);
    float[] second = simulated.next().get(SimulatedAtmosphere.T2M);
    StreamGranules granules = new StreamGranules(SimulatedAtmosphere.GRID);
    for (int hour = 0; hour <= 6; hour++) {
      Map<Variable, float[]> fields = granules.nextFields();
      float expected = first[100] + hour / 6f * (second[100] - first[100]);
      assertThat(fields.get(SimulatedAtmosphere.T2M)[100]).isEqualTo(expected);
    }
    assertThat(first[100]).isNotEqualTo(second[100]);
  }

  private static List<Field> read(byte[] file) throws Exception {
    Origin origin = new Origin("simulated", "simulated");
    return new GranuleReader(Limits.DEFAULT).read(file, "granule", origin).fields();
  }
}
