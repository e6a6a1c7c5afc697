package etesian.pipeline.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HeldWatermarkTest {
  private static final OptionalLong NONE = OptionalLong.empty();

  private final HeldWatermark watermark = new HeldWatermark();

  @Test
  void itIsThatOfTheInputWhileNoForecastIsUnderWay() {
    watermark.advance(100);
    assertThat(watermark.release(NONE)).hasValue(100);
  }

  @Test
  void itStaysJustBeforeTheOldestForecastThatIsUnderWay() {
    watermark.advance(100);
    assertThat(watermark.release(OptionalLong.of(60))).hasValue(59);
    watermark.advance(200);
    assertThat(watermark.release(OptionalLong.of(60))).as("nothing new").isEmpty();
    assertThat(watermark.release(OptionalLong.of(80))).hasValue(79);
  }

  /** A revision begins a forecast anew whose time was told to be over. */
  @Test
  void itNeverGoesBack() {
    watermark.advance(100);
    assertThat(watermark.release(NONE)).hasValue(100);
    assertThat(watermark.release(OptionalLong.of(50))).isEmpty();
    assertThat(watermark.release(NONE)).isEmpty();
  }

  @Test
  void timeHasNoNameBeforeItBeginsAndAfterItsEnd() {
    assertThat(watermark.now()).isEmpty();
    watermark.advance(100);
    assertThat(watermark.now()).hasValue(Instant.ofEpochMilli(100));
    watermark.advance(Long.MAX_VALUE);
    assertThat(watermark.now()).isEmpty();
    assertThat(watermark.release(NONE)).hasValue(Long.MAX_VALUE);
  }
}
