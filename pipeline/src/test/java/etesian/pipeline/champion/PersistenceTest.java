package etesian.pipeline.champion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.storage.Folder;
import etesian.pipeline.storage.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistenceTest {
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Weights WEIGHTS =
      new Weights(Map.of("architecture", "m2no"), Map.of("w", new Tensor(new float[] {1, 2}, 2)));

  private int asked;

  @Test
  void whatFailsForAMomentIsAskedForAgain() throws Exception {
    assertThat(Persistence.demand("kept", () -> fail(4, "reset"), MOMENT)).isEqualTo(5);
  }

  @Test
  void fourTimesAndNoMore() {
    assertThatThrownBy(() -> Persistence.demand("kept", () -> fail(99, "reset"), MOMENT))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("reset");
    assertThat(asked).isEqualTo(5);
  }

  private int fail(int times, String why) throws IOException {
    if (asked++ < times) {
      throw new IOException(why);
    }
    return asked;
  }

  @Test
  void whatDoesNotPassIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                Persistence.demand(
                    "read",
                    () -> {
                      asked++;
                      throw new NoSuchFileException("x");
                    },
                    MOMENT))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void anInterruptionEndsAPause() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    FutureTask<Boolean> wait =
        new FutureTask<>(
            () -> {
              assertThatThrownBy(
                      () ->
                          Persistence.demand(
                              "kept",
                              () -> {
                                failed.countDown();
                                return fail(99, "reset");
                              },
                              Duration.ofSeconds(1)))
                  .isInstanceOf(InterruptedIOException.class);
              return Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(wait, "waits");
    thread.start();
    failed.await();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThat(wait.get()).as("still interrupted, for whoever asked").isTrue();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedDoesNotTryAgain() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Persistence.demand("kept", () -> fail(99, "reset"), MOMENT))
        .hasMessage("reset");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void weightsAreKeptAndReadInSpiteOfAFailureAnywhere() {
    for (int requests = 0; requests < 5; requests++) { // look, open, write, commit, look again
      String bucket = "objects://persistence-" + requests;
      WeightsStore store = new WeightsStore(Folder.parse(bucket + "/weights"), MOMENT);
      ObjectStore.failAfter(requests, new IOException("connection reset"));
      String sha256 = store.put(WEIGHTS);
      assertThat(ObjectStore.objects(bucket)).containsExactly(store.location(sha256));
      ObjectStore.failAfter(1, new IOException("connection reset"));
      assertThat(store.getPatiently(sha256).tensors()).isEqualTo(WEIGHTS.tensors());
    }
  }

  @Test
  void aStoreThatStaysAwayAndAFolderThatIsAFileAreSaid(@TempDir Path folder) throws Exception {
    WeightsStore away = new WeightsStore(Folder.parse("objects://absent/weights"), MOMENT);
    assertThatThrownBy(() -> away.put(WEIGHTS))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot keep weights in objects://absent/weights: absent: no such bucket");
    Path file = Files.createFile(folder.resolve("weights"));
    assertThatThrownBy(() -> new WeightsStore(file).put(WEIGHTS))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot keep weights in " + file);
  }
}
