package etesian.pipeline.archive;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.archive.Forecasts.whole;
import static etesian.pipeline.archive.TwoPhases.checkpoint;
import static etesian.pipeline.archive.TwoPhases.commit;
import static etesian.pipeline.archive.TwoPhases.pending;
import static etesian.pipeline.archive.TwoPhases.visible;
import static etesian.pipeline.archive.TwoPhases.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.pipeline.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetcdfArchiveTest {
  private static final String FIRST = "t2m/2020/01/t2m_t2m_20200101T000000Z_r0.nc";
  private static final String REVISED = "t2m/2020/01/t2m_t2m_20200101T000000Z_r1.nc";
  private static final String SECOND = "t2m/2020/01/t2m_t2m_20200101T060000Z_r0.nc";

  @TempDir Path root;
  private NetcdfArchive archive;

  @BeforeEach
  void open() {
    archive = new NetcdfArchive(root.toUri(), List.of(Samples.stream(1, Forecasts.HORIZON)));
  }

  @Test
  void aFileIsThereAtCommitAndNotBefore() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0));
    assertThat(visible(root)).isEmpty();
    assertThat(pending(root)).hasSize(1);

    commit(archive, staged);
    assertThat(visible(root)).containsExactly(FIRST);
    assertThat(pending(root)).isEmpty();
    assertThat(ForecastNetcdf.read(Files.readAllBytes(root.resolve(FIRST))))
        .isEqualTo(whole(hour(0), 0));
  }

  @Test
  void anEnsembleIsOneFileToo() throws Exception {
    Forecast ensemble = Forecasts.ensemble(hour(0), 0);
    commit(archive, checkpoint(writer(archive, 0, 1), ensemble));
    assertThat(ForecastNetcdf.read(Files.readAllBytes(root.resolve(FIRST)))).isEqualTo(ensemble);
  }

  @Test
  void aRepeatedCommitChangesNothing() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0), whole(hour(6), 0));
    commit(archive, staged.subList(0, 1)); // and then the process died
    byte[] before = Files.readAllBytes(root.resolve(FIRST));

    commit(archive, staged);
    assertThat(visible(root)).containsExactly(FIRST, SECOND);
    assertThat(Files.readAllBytes(root.resolve(FIRST))).isEqualTo(before);
  }

  @Test
  void whatWasMadeAgainTakesThePlaceOfTheSameRevision() throws Exception {
    commit(archive, checkpoint(writer(archive, 0, 1), whole(hour(0), 0)));
    commit(archive, checkpoint(writer(archive, 0, 1), whole(hour(0), 0)));
    assertThat(visible(root)).containsExactly(FIRST);
  }

  @Test
  void aRevisionHasAFileOfItsOwn() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    commit(archive, checkpoint(writer, whole(hour(0), 0)));
    commit(archive, checkpoint(writer, whole(hour(0), 1)));
    assertThat(visible(root)).containsExactly(FIRST, REVISED);
    assertThat(ForecastNetcdf.read(Files.readAllBytes(root.resolve(REVISED))))
        .isEqualTo(whole(hour(0), 1));
  }

  @Test
  void anAttemptThatEndsBeforeItsCheckpointLeavesNothing() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    writer.write(whole(hour(0), 0), null);
    assertThat(pending(root)).hasSize(1);
    writer.close();
    assertThat(visible(root)).isEmpty();
    assertThat(pending(root)).isEmpty();
  }

  @Test
  void whatAKilledAttemptLeftIsSweptAtTheNextCheckpoint() throws Exception {
    checkpoint(writer(archive, 0, 1), whole(hour(0), 0)); // of a checkpoint that failed
    List<Staged> again = checkpoint(writer(archive, 0, 1), whole(hour(0), 0), whole(hour(6), 0));
    assertThat(pending(root)).hasSize(2);
    commit(archive, again);
    assertThat(visible(root)).containsExactly(FIRST, SECOND);
    assertThat(pending(root)).isEmpty();
  }

  @Test
  void closingKeepsWhatACheckpointHolds() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    List<Staged> staged = checkpoint(writer, whole(hour(0), 0));
    writer.close();
    commit(archive, staged);
    assertThat(visible(root)).containsExactly(FIRST);
  }

  @Test
  void subtasksKeepOutOfEachOthersWay() throws Exception {
    ArchiveWriter one = writer(archive, 0, 2);
    ArchiveWriter other = writer(archive, 1, 2);
    List<Staged> staged = new ArrayList<>(checkpoint(one, whole(hour(0), 0)));
    staged.addAll(checkpoint(other, whole(hour(6), 0))); // sweeps, and not the first one's
    commit(archive, staged);
    assertThat(visible(root)).containsExactly(FIRST, SECOND);
  }

  @Test
  void leftoversOfSubtasksThatAreNoMoreAreSwept() throws Exception {
    checkpoint(writer(archive, 1, 2), whole(hour(0), 0));
    checkpoint(writer(archive, 0, 1));
    assertThat(pending(root)).isEmpty();
  }

  @Test
  void theEndOfTheInputIsNoTimeToSweep() throws Exception {
    checkpoint(writer(archive, 0, 1), whole(hour(0), 0)); // restored, and not committed yet
    ArchiveWriter writer = writer(archive, 0, 1);
    writer.flush(true);
    assertThat(writer.prepareCommit()).isEmpty();
    assertThat(pending(root)).hasSize(1);
  }

  @Test
  void aFileThatAReaderHasMovedAwayDoesNotStopTheJob() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0), whole(hour(6), 0));
    commit(archive, staged.subList(0, 1));
    Files.delete(root.resolve(FIRST));
    commit(archive, staged); // after a restart
    assertThat(visible(root)).containsExactly(SECOND);
  }

  @Test
  void aForecastThatNoFileTakesIsRefusedAtStart() {
    NetcdfArchive tooLong =
        new NetcdfArchive(root.toUri(), List.of(Samples.stream(1, 100_000_000)));
    assertThatThrownBy(() -> writer(tooLong, 0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shorten the horizon");
  }
}
