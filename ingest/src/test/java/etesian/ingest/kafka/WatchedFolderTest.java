package etesian.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A folder that is watched for what comes. */
class WatchedFolderTest extends PublishFixture {
  private Publisher watching; // null before

  @Test
  void aWatchSendsWhatIsThereWhatComesAndWhatIsReplaced() throws Exception {
    Path inbox = Files.createDirectories(folder.resolve("in"));
    Path a = write(inbox.resolve("a.nc"), "t2m", 1);
    Files.writeString(inbox.resolve("half.nc.part"), "to come");
    List<Action> then =
        new ArrayList<>(
            List.of(
                () -> move(write(folder.resolve("b.tmp"), "t2m", 2), inbox.resolve("b.nc")),
                () -> move(write(folder.resolve("a2.tmp"), "sst", 3), a),
                () -> stop()));
    PublishSummary summary = watch(inbox, then);
    assertThat(broker.history())
        .extracting(r -> key(r))
        .containsExactly("era5/t2m", "era5/t2m", "sst/sst");
    assertThat(summary.published()).isEqualTo(3);
  }

  @Test
  void aStopEndsAfterTheRecordAtHand() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 1, 2, 3);
    PublishSummary summary = watch(folder, new ArrayList<>(), keeping(ledger).as(Form.SPLIT), 2);
    assertThat(summary.records()).isEqualTo(2);
    assertThat(summary.published()).isZero();
    PublishSummary rest = publish(broker, keeping(ledger).as(Form.SPLIT), large);
    assertThat(rest.records()).isEqualTo(2);
  }

  /** Something that may fail. */
  private interface Action {
    void run() throws IOException;
  }

  private void stop() {
    watching.stop();
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private PublishSummary watch(Path path, List<Action> afterEachFile) throws Exception {
    return watch(path, afterEachFile, everything(), Integer.MAX_VALUE);
  }

  /** Acknowledgements come on this thread: what happens next is not left to chance. */
  private PublishSummary watch(
      Path path, List<Action> afterEachFile, PublishOptions options, int mostRecords)
      throws Exception {
    PublishListener listener =
        new PublishListener() {
          private int records;

          @Override
          public void acknowledged(Path file, long bytes) {
            if (++records == mostRecords) {
              stop();
            }
          }

          @Override
          public void published(Path file, long bytes) {
            try {
              afterEachFile.remove(0).run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    watching = new Publisher(broker, options, listener);
    return watching.watch(Inputs.of(List.of(path)), Duration.ofMillis(20));
  }
}
