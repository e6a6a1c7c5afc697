package etesian.pipeline.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Ensemble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProductsTest {

  @Test
  void aCaseWorkedByHand() {
    List<float[]> members =
        List.of(new float[] {1}, new float[] {4}, new float[] {2}, new float[] {9});
    Products products = Products.of(members, List.of(0.0, 0.5, 0.9, 1.0));
    assertThat(products.mean()).containsExactly(4);
    Ensemble ensemble = products.ensemble();
    assertThat(ensemble.size()).isEqualTo(4);
    assertThat(ensemble.members()).isEqualTo(members);
    assertThat(ensemble.spread()[0]).isEqualTo((float) Math.sqrt((9 + 0 + 4 + 25) / 3.0));
    assertThat(ensemble.probabilities()).containsExactly(0.0, 0.5, 0.9, 1.0);
    assertThat(ensemble.quantiles())
        .extracting(quantile -> quantile.values()[0])
        .containsExactly(1f, 3f, 7.5f, 9f); // rank 2.7 of 0 to 3: 4 + 0.7 * 5
  }

  @Test
  void aCellThatAMemberMissesIsMissing() {
    Products products =
        Products.of(List.of(new float[] {1, 1}, new float[] {Float.NaN, 3}), List.of(0.1, 1.0));
    assertThat(products.mean()).containsExactly(Float.NaN, 2);
    assertThat(products.ensemble().spread()[0]).isNaN();
    assertThat(products.ensemble().quantiles())
        .allSatisfy(quantile -> assertThat(quantile.values()[0]).isNaN())
        .allSatisfy(quantile -> assertThat(quantile.values()[1]).isNotNaN());
  }

  @Property(tries = 200)
  void membersThatAgreeHaveNoSpread(@ForAll @IntRange(min = 2, max = 60) int n, @ForAll long seed) {
    float[] all = values(new Random(seed), 5);
    Products products = Products.of(Collections.nCopies(n, all), List.of(0.0, 0.3, 1.0));
    assertThat(products.mean()).isEqualTo(all);
    assertThat(products.ensemble().spread()).containsOnly(0);
    assertThat(products.ensemble().quantiles())
        .allSatisfy(quantile -> assertThat(quantile.values()).isEqualTo(all));
  }

  @Property(tries = 200)
  void theOrderOfMembersDoesNotMatterAndQuantilesAscend(
      @ForAll @IntRange(min = 2, max = 30) int n, @ForAll long seed) {
    Random random = new Random(seed);
    List<float[]> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(values(random, 3));
    }
    List<Double> probabilities = List.of(0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0);
    Products products = Products.of(members, probabilities);
    List<float[]> turned = new ArrayList<>(members);
    Collections.shuffle(turned, random);
    Products same = Products.of(turned, probabilities);
    assertThat(same.ensemble().quantiles()).isEqualTo(products.ensemble().quantiles());
    for (int cell = 0; cell < 3; cell++) {
      assertThat(same.mean()[cell]).isCloseTo(products.mean()[cell], within(1e-4f));
      float[] sorted = new float[n];
      for (int i = 0; i < n; i++) {
        sorted[i] = members.get(i)[cell];
      }
      Arrays.sort(sorted);
      List<Ensemble.Quantile> quantiles = products.ensemble().quantiles();
      assertThat(quantiles.get(0).values()[cell]).isEqualTo(sorted[0]);
      assertThat(quantiles.get(6).values()[cell]).isEqualTo(sorted[n - 1]);
      for (int i = 1; i < quantiles.size(); i++) {
        assertThat(quantiles.get(i).values()[cell])
            .isGreaterThanOrEqualTo(quantiles.get(i - 1).values()[cell]);
      }
    }
  }

  private static float[] values(Random random, int cells) {
    float[] values = new float[cells];
    for (int cell = 0; cell < cells; cell++) {
      values[cell] = (float) (280 + 10 * random.nextGaussian());
    }
    return values;
  }
}
