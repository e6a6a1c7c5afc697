package etesian.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasts and lessons compute in one process, each with a number of threads of its own. */
class DevicesThreadsTest {

  @ParameterizedTest
  @CsvSource({"2, 1", "1, 2"})
  void aNumberThatComesLaterOnAnotherThreadChangesNothing(int first, int later) throws Exception {
    ExecutorService forecasts = Executors.newSingleThreadExecutor();
    ExecutorService lessons = Executors.newSingleThreadExecutor();
    try {
      Callable<Integer> threads = Devices::threads;
      forecasts.submit(() -> Devices.setThreads(first)).get();
      lessons.submit(() -> Devices.setThreads(later)).get();

      assertThat(forecasts.submit(threads).get()).isEqualTo(first);
      assertThat(lessons.submit(threads).get()).isEqualTo(later);
    } finally {
      forecasts.shutdown();
      lessons.shutdown();
    }
  }
}
