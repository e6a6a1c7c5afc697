package etesian.ops.demo;

import etesian.ingest.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Says how far a run has come, every few seconds. */
final class StatusLine {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Consumer<String> say;
  private final Watch watch;
  private Instant next = Instant.now().plus(EVERY);

  StatusLine(Consumer<String> say, Watch watch) {
    this.say = say;
    this.watch = watch;
  }

  void update() {
    if (Instant.now().isBefore(next)) {
      return;
    }
    next = Instant.now().plus(EVERY);
    say.accept(
        "  records: %d forecasts, %d scores, %d dead letters"
            .formatted(
                watch.count(Topics.FORECASTS),
                watch.count(Topics.SCORES),
                watch.count(Topics.DEAD_LETTERS)));
  }
}
