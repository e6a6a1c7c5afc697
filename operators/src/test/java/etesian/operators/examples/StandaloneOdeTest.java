package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import etesian.operators.examples.StandaloneOde.Error;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandaloneOdeTest {
  /** A fixed least-squares problem: the published error or another one. Two digits are known. */
  @ParameterizedTest
  @EnumSource
  void errorsAreThePublishedOnes(StandaloneOde ode) {
    List<Error> errors = ode.errors();
    StandaloneOde.Published published = ode.published();
    assertThat(errors.stream().mapToDouble(Error::rmse).min().orElseThrow())
        .isCloseTo(published.leastRmse(), withinPercentage(5));
    assertThat(errors.stream().mapToDouble(Error::rmse).max().orElseThrow())
        .isCloseTo(published.mostRmse(), withinPercentage(5));
    assertThat(errors.stream().mapToDouble(Error::greatest).max().orElseThrow())
        .isCloseTo(published.greatest(), withinPercentage(5));
    assertThat(errors.stream().mapToDouble(Error::relative).max().orElseThrow())
        .isCloseTo(published.relative(), withinPercentage(5));
  }
}
