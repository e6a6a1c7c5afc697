package etesian.ops.plot;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.plot.ColourScale.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColourScaleTest {
  @Test
  void theEndsHaveTheEndsOfTheTable() {
    ColourScale scale = ColourScale.over(Kind.VALUE, List.of(new float[] {0, 10, Float.NaN}));
    assertThat(scale.of(0)).isEqualTo(0x440154);
    assertThat(scale.of(10)).isEqualTo(0xfde725);
    assertThat(scale.of(-99)).isEqualTo(scale.of(0));
  }

  @Test
  void differencesAreEvenAboutZero() {
    ColourScale scale = ColourScale.over(Kind.DIFFERENCE, List.of(new float[] {-1, 4}));
    assertThat(scale.low()).isEqualTo(-scale.high());
    assertThat(scale.share(0)).isEqualTo(0.5);
    assertThat(scale.label(2)).isEqualTo("+2");
    assertThat(scale.label(-2)).isEqualTo("−2");
  }

  @Test
  void coloursAreSpentOnWhatThereIsAndTicksAreRound() {
    ColourScale sst = ColourScale.over(Kind.VALUE, List.of(new float[] {-1.8f, 34.1f}));
    assertThat(sst.low()).isEqualTo(-2);
    assertThat(sst.high()).isEqualTo(36);
    assertThat(sst.ticks()).containsExactly(0.0, 10.0, 20.0, 30.0);
  }

  @Test
  void sizesBeginAtZero() {
    assertThat(ColourScale.over(Kind.SIZE, List.of(new float[] {3, 4})).low()).isZero();
  }

  @Test
  void nothingToShowIsNoError() {
    assertThat(ColourScale.over(Kind.VALUE, List.of(new float[] {Float.NaN})).share(0.5))
        .isEqualTo(0.5);
  }
}
