package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--budget 1 --model smnn | gives all leads at once",
        "--budget 1 --flows 0 | nothing to learn",
        "--budget 1 --flows -8 | -8 flows",
        "--budget 1 --rollout 21 | at most 20",
        "--budget 1 --rollout 0 | at least 1",
        "--budget 0 | more than 0",
        "--budget 1 --updates 5 | --updates means nothing with --budget",
        "--budget 1 --variant TENSOR | --variant means nothing with --budget",
        "--model fno | --model means nothing without --budget",
        "--rollout 5 | --rollout means nothing without --budget",
        "--cache flows | --cache means nothing without --budget"
      })
  void whatWouldBeIgnoredOrCannotBeIsNotUnderstood(String options, String why) {
    Run run = Run.of(("compare " + options).split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(why);
  }
}
