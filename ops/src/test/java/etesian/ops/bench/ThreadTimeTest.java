package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ThreadTimeTest {
  private final AtomicBoolean end = new AtomicBoolean();

  @Test
  void whatAThreadComputesIsCountedByItsName() throws Exception {
    CountDownLatch rests = new CountDownLatch(1);
    Thread busy = new Thread(this::compute, "etesian-computes-a-lot");
    Thread idle = new Thread(() -> await(rests), "etesian-idles");
    busy.start();
    idle.start();
    long here = ProcessHandle.current().pid();
    while (ThreadTime.seconds(here, "etesian-computes-a-lot") < 0.05) {
      Thread.onSpinWait();
    }
    assertThat(ThreadTime.seconds(here, "etesian-idles")).isLessThan(0.05);
    assertThat(ThreadTime.seconds(here, "etesian-nobody")).isZero();
    end.set(true);
    rests.countDown();
    busy.join();
    idle.join();
    assertThat(ThreadTime.seconds(Long.MAX_VALUE, "etesian")).as("no such process").isNaN();
  }

  private void compute() {
    while (!end.get()) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
