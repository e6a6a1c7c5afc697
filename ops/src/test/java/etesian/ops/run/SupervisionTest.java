package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.embedded.EmbeddedFlink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the user of {@code run} is told about a job that he does not see. */
@Timeout(120)
class SupervisionTest {
  private static final AtomicBoolean DISK_IS_AWAY = new AtomicBoolean();

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final ExecutorService user = Executors.newSingleThreadExecutor();
  private EmbeddedFlink flink;
  private JobID job;
  private Future<Optional<String>> end;

  @BeforeEach
  void aJobIsFollowed() {
    flink = EmbeddedFlink.start(0, 0, 1);
    StreamExecutionEnvironment env = flink.environment();
    env.setParallelism(1);
    env.configure(
        new Configuration()
            .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE)
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50)));
    DISK_IS_AWAY.set(false);
    env.fromSequence(0, Long.MAX_VALUE).map(SupervisionTest::write).sinkTo(new DiscardingSink<>());
    job = flink.submit(env, "numbers");
    Supervision supervision =
        new Supervision(flink, job, () -> said.add("runs"), cause -> said.add(cause));
    end = user.submit(supervision::untilTheEnd);
  }

  @AfterEach
  void close() {
    user.shutdownNow();
    flink.close();
  }

  @Test
  void aCauseThatKeepsTheJobFromRunningIsToldOnce() throws Exception {
    until(() -> said.contains("runs"));
    DISK_IS_AWAY.set(true);
    until(() -> said.size() > 1);
    Thread.sleep(2500); // fails again and again meanwhile
    DISK_IS_AWAY.set(false);
    flink.awaitRunning(job, Duration.ofSeconds(30));
    flink.cancel(job);

    assertThat(end.get()).isEmpty();
    assertThat(said).hasSize(2);
    assertThat(said.get(1)).contains("the disk is away");
  }

  @Test
  void aClusterThatIsClosedUnderAJobIsNoFailureOfIt() throws Exception {
    until(() -> said.contains("runs"));
    flink.close();

    assertThat(end.get()).isEmpty();
    assertThat(said).containsExactly("runs");
  }

  private static long write(long number) {
    if (DISK_IS_AWAY.get()) {
      throw new IllegalStateException("the disk is away");
    }
    return number;
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(20);
    }
  }
}
