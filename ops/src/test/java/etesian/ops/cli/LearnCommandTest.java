package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnCommandTest {
  @TempDir private Path folder;

  @Test
  void dataForEveryStreamAreLookedForBeforeTheFirstIsStudied() throws Exception {
    Path world = folder.resolve("world");
    Run.of("sample", world.toString(), "--days", "1", "--dataset", "era5");
    Path settings =
        Files.writeString(
            folder.resolve("etesian.yaml"),
            """
            job: test
            weights: weights
            state: state
            kafka: {brokers: embedded}
            streams:
              - {name: air, dataset: era5, variable: t2m, units: K, step: PT6H, history: 3,
                 horizon: 12, model: m2no}
              - {name: sea, dataset: sst, variable: sst, units: K, step: P1M, history: 24,
                 horizon: 12, model: smnn}
            """);

    Run learn = Run.of("learn", "-c", settings.toString(), "--data", world.toString());

    assertThat(learn.exitCode()).isEqualTo(1);
    assertThat(learn.err()).contains("stream sea: no field of sst [K]", "t2m [K] on ");
    assertThat(learn.out()).contains("air: grid ").doesNotContain("RMSE");
  }
}
