package etesian.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TornFieldsTest {
  private static final float NO = Float.NaN;

  @Test
  void aFieldThatMissesMoreThanHalfOfWhatMostHaveIsTorn() {
    float[] whole = {1, 2, 3, 4, NO}; // land
    float[] half = {NO, NO, 3, 4, NO};
    float[] less = {NO, NO, NO, 4, NO};
    TornFields torn = new TornFields(List.of(whole, whole, half, less, whole), 1);
    assertThat(torn.isTorn(whole)).isFalse();
    assertThat(torn.isTorn(half)).isFalse();
    assertThat(torn.isTorn(less)).isTrue();
  }

  @Test
  void oneVariableThatIsMissingTearsTheField() {
    float[] both = {1, 2, 3, 4};
    float[] first = {1, 2, NO, NO};
    assertThat(new TornFields(List.of(both, both, first), 2).isTorn(first)).isTrue();
  }

  /** There is nothing that most of them have. */
  @Test
  void whereAllFieldsAreEmptyNoneIsTorn() {
    float[] empty = {NO, NO};
    assertThat(new TornFields(List.of(empty, empty), 1).isTorn(empty)).isFalse();
  }
}
