package etesian.ops.plot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoastTest {
  @Test
  void arcsAreDifferencesAndMayRunBackwards() throws Exception {
    String topology =
        """
        {"transform": {"scale": [2, 1], "translate": [-10, 50]},
         "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0, -2]]}]}},
         "arcs": [[[0, 0], [1, 0], [0, 1]], [[0, 0], [0, 1], [1, 0]]]}
        """;
    assertThat(Coast.rings(new ObjectMapper().readTree(topology)).get(0))
        .isDeepEqualTo(new double[][] {{-10, 50}, {-8, 50}, {-8, 51}, {-10, 51}, {-10, 50}});
  }

  @ParameterizedTest
  @ValueSource(doubles = {360, 40})
  void coastsAreClosedRingsOnTheEarth(double span) {
    assertThat(Coast.rings(span)).hasSizeGreaterThan(100);
    for (double[][] ring : Coast.rings(span)) {
      assertThat(ring[0]).isEqualTo(ring[ring.length - 1]);
      for (double[] point : ring) {
        assertThat(Math.abs(point[0])).isLessThanOrEqualTo(180.001);
        assertThat(Math.abs(point[1])).isLessThanOrEqualTo(90.001);
      }
    }
  }
}
