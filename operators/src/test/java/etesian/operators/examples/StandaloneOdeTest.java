package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import etesian.operators.examples.StandaloneOde.Error;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandaloneOdeTest {
  /** A fixed least-squares problem: the published error or another one. Two digits are known. */
  @ParameterizedTest
  @EnumSource
  void errorsAreThePublishedOnes(StandaloneOde ode) {
    List<Error> errors = ode.errors();
    StandaloneOde.Published published = ode.published();
    assertThat(twoDigits(errors.stream().mapToDouble(Error::rmse).min().orElseThrow()))
        .isEqualTo(twoDigits(published.leastRmse()));
    // the table of the published figures cuts 3.648e-5 to 3.6e-5
    assertThat(errors.stream().mapToDouble(Error::rmse).max().orElseThrow())
        .isCloseTo(published.mostRmse(), withinPercentage(1.5));
    assertThat(twoDigits(errors.stream().mapToDouble(Error::greatest).max().orElseThrow()))
        .isEqualTo(twoDigits(published.greatest()));
    assertThat(twoDigits(errors.stream().mapToDouble(Error::relative).max().orElseThrow()))
        .isEqualTo(twoDigits(published.relative()));
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
