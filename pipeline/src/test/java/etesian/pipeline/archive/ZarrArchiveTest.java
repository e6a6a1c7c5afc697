package etesian.pipeline.archive;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.archive.Forecasts.HORIZON;
import static etesian.pipeline.archive.Forecasts.ensemble;
import static etesian.pipeline.archive.Forecasts.whole;
import static etesian.pipeline.archive.TwoPhases.checkpoint;
import static etesian.pipeline.archive.TwoPhases.commit;
import static etesian.pipeline.archive.TwoPhases.pending;
import static etesian.pipeline.archive.TwoPhases.visible;
import static etesian.pipeline.archive.TwoPhases.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZarrArchiveTest {
  /** Two leads, so that the second chunk of a forecast is half empty. */
  private static final int CHUNK_BYTES = 2 * Samples.GRID.cells() * Float.BYTES;

  @TempDir Path root;
  private ZarrArchive archive;

  @BeforeEach
  void open() {
    archive = archive(HORIZON);
  }

  private ZarrArchive archive(int horizon) {
    return new ZarrArchive(root.toUri(), List.of(Samples.stream(1, horizon)), CHUNK_BYTES);
  }

  private void appendAll(Forecast... forecasts) throws IOException {
    commit(archive, checkpoint(writer(archive, 0, 1), forecasts));
  }

  private void assertRow(int row, Instant issueTime, int revision) throws IOException {
    ZarrReader values = ZarrReader.open(root, "t2m", "t2m");
    ZarrReader validTimes = ZarrReader.open(root, "t2m", "valid_time");
    assertThat(ZarrReader.open(root, "t2m", "issue_time").cell(row))
        .isEqualTo((double) issueTime.toEpochMilli());
    assertThat(ZarrReader.open(root, "t2m", "revision").cell(row)).isEqualTo(revision);
    assertThat(ZarrReader.open(root, "t2m", "weights_sha256").cell(row, 31)).isEqualTo(0xab);
    for (int lead = 1; lead <= HORIZON; lead++) {
      assertThat(validTimes.cell(row, lead - 1))
          .isEqualTo((double) issueTime.plus(Duration.ofHours(6L * lead)).toEpochMilli());
      for (int cell = 0; cell < Samples.GRID.cells(); cell++) {
        assertThat(values.cell(row, lead - 1, cell / 3, cell % 3))
            .isEqualTo(Double.valueOf(Forecasts.value(issueTime, revision, lead, cell)));
      }
    }
  }

  @Test
  void eachOfSeveralVariablesHasAGroupOfItsOwn() throws Exception {
    archive = new ZarrArchive(root.toUri(), List.of(Samples.streamOfTwo(1, HORIZON)), CHUNK_BYTES);
    Forecast t2m = whole(hour(0), 0);
    Forecast u10 =
        new Forecast(
            t2m.stream(),
            Samples.U10,
            t2m.grid(),
            t2m.issueTime(),
            t2m.revision(),
            t2m.steps(),
            t2m.model(),
            t2m.weightsSha256(),
            t2m.inputs());
    appendAll(t2m, u10);
    archive.open(); // takes what is there for its own
    assertThat(ZarrReader.open(root, "t2m.t2m", "t2m").shape()[0]).isEqualTo(1);
    assertThat(ZarrReader.open(root, "t2m.u10", "u10").shape()[0]).isEqualTo(1);
  }

  @Test
  void theProductsOfAnEnsembleHaveArraysOfTheirOwn() throws Exception {
    appendAll(ensemble(hour(0), 0), ensemble(hour(6), 0));
    assertRow(1, hour(6), 0);
    ZarrReader spread = ZarrReader.open(root, "t2m", "t2m_spread");
    ZarrReader quantile = ZarrReader.open(root, "t2m", "t2m_quantile");
    ZarrReader member = ZarrReader.open(root, "t2m", "t2m_member");
    assertThat(spread.shape()).containsExactly(2, HORIZON, 2, 3);
    assertThat(quantile.shape()).containsExactly(2, HORIZON, 2, 2, 3);
    assertThat(member.shape()).containsExactly(2, HORIZON, 3, 2, 3);
    for (int lead = 1; lead <= HORIZON; lead++) {
      float value = Forecasts.value(hour(6), 0, lead, 5);
      assertThat(spread.cell(1, lead - 1, 1, 2)).isEqualTo(value + 7);
      assertThat(quantile.cell(1, lead - 1, 0, 1, 2)).isEqualTo(value + 0.5);
      assertThat(quantile.cell(1, lead - 1, 1, 1, 2)).isEqualTo(value + 2);
      assertThat(member.cell(1, lead - 1, 2, 1, 2)).isEqualTo(value + 3);
    }
    assertThat(ZarrReader.open(root, "t2m", "quantile").cell(1)).isEqualTo(0.75);
    assertThat(ZarrReader.open(root, "t2m", "realization").cell(2)).isEqualTo(2);
    JsonNode attributes = json("t2m/t2m_spread/zarr.json").get("attributes");
    assertThat(attributes.get("cell_methods").asText())
        .isEqualTo("realization: standard_deviation");
    assertThat(pending(root)).isEmpty();
  }

  /** The chunks of some products have their place, and the process dies before the others. */
  @Test
  void anEnsembleThatWasCutOffIsFinishedByTheRepetition() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    commit(archive, checkpoint(writer, ensemble(hour(0), 0)));
    List<Staged> staged = checkpoint(writer, ensemble(hour(6), 0));
    Path pending = Path.of(staged.get(0).pending().toUri().getPath());
    Files.createDirectories(root.resolve("t2m/t2m_member/c"));
    Files.move(pending.resolve("member"), root.resolve("t2m/t2m_member/c/1"));
    commit(archive, staged);
    assertRow(1, hour(6), 0);
    assertThat(ZarrReader.open(root, "t2m", "t2m_member").cell(1, 2, 1, 1, 2))
        .isEqualTo(Forecasts.value(hour(6), 0, 3, 5) + 1);
    Map<String, byte[]> before = content();
    commit(archive(HORIZON), staged);
    assertThat(content()).containsExactlyEntriesOf(before);
  }

  @Test
  void anEnsembleDoesNotFitAStoreOfOneRunNorTheOtherWayRound() throws Exception {
    ZarrGroup group = new ZarrGroup(Storage.of(archive.root()), archive.root(), "t2m", CHUNK_BYTES);
    EnsembleKind kind = new EnsembleKind(3, List.of(0.25, 0.75), true);
    appendAll(ensemble(hour(0), 0));
    group.demand("t2m", HORIZON, Samples.GRID, kind);
    for (EnsembleKind other :
        Arrays.asList(
            null,
            new EnsembleKind(4, List.of(0.25, 0.75), true),
            new EnsembleKind(3, List.of(0.25, 0.8), true),
            new EnsembleKind(3, List.of(), true),
            new EnsembleKind(3, List.of(0.25, 0.75), false))) {
      assertThatThrownBy(() -> group.demand("t2m", HORIZON, Samples.GRID, other))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(other == null ? "expected one run" : "expected " + other);
    }
  }

  @Test
  void theSettingsOfAStreamSayWhichProductsItsStoreHas() throws Exception {
    StreamSettings asked =
        Samples.stream(1, HORIZON)
            .withEnsemble(
                new EnsembleSettings(3, 0.1, 3, 500, true, 0, List.of(0.25, 0.75), true, 0));
    archive = new ZarrArchive(root.toUri(), List.of(asked), CHUNK_BYTES);
    appendAll(ensemble(hour(0), 0));
    appendAll(ensemble(hour(6), 0)); // opens what is there
    assertRow(1, hour(6), 0);
    assertThatThrownBy(() -> writer(archive(HORIZON), 0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected one run");
  }

  @Test
  void aStoreOfOneRunTakesNoEnsemble() throws Exception {
    appendAll(whole(hour(0), 0));
    ZarrGroup group = new ZarrGroup(Storage.of(archive.root()), archive.root(), "t2m", CHUNK_BYTES);
    group.demand("t2m", HORIZON, Samples.GRID, null);
    assertThatThrownBy(
            () -> group.demand("t2m", HORIZON, Samples.GRID, new EnsembleKind(3, List.of(), false)))
        .hasMessageContaining("holds the stream t2m with the arrays");
  }

  private int[] shape() throws IOException {
    return ZarrReader.open(root, "t2m", "t2m").shape();
  }

  @Test
  void anIssueIsThereAtCommitAndNotBefore() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0));
    assertThat(visible(root)).isEmpty();
    commit(archive, staged);
    assertThat(shape()).containsExactly(1, HORIZON, 2, 3);
    assertRow(0, hour(0), 0);
    assertThat(pending(root)).isEmpty();
  }

  @Test
  void coordinatesSayWhereAndWhen() throws Exception {
    appendAll(whole(hour(0), 0));
    assertThat(ZarrReader.open(root, "t2m", "lead").cell(2)).isEqualTo(3);
    assertThat(ZarrReader.open(root, "t2m", "latitude").cell(1)).isEqualTo(40);
    assertThat(ZarrReader.open(root, "t2m", "longitude").cell(2)).isEqualTo(20);
  }

  @Test
  void leadsShareAChunkWhereTheyAreSmall() {
    assertThat(ZarrChunks.leads(1 << 20, 40, 721 * 1440)).isEqualTo(1);
    assertThat(ZarrChunks.leads(1 << 20, 40, 181 * 360)).isEqualTo(4);
    assertThat(ZarrChunks.leads(1 << 20, 12, 19 * 51)).isEqualTo(12);
  }

  @Test
  void issuesAreAppendedAlsoOverTheEndOfAChunk() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    int issues = ZarrMetadata.LONG_ROWS_A_CHUNK + 2;
    for (int i = 0; i < issues; i += 11) {
      List<Forecast> some = new ArrayList<>();
      for (int j = i; j < Math.min(issues, i + 11); j++) {
        some.add(whole(hour(6 * j), 0));
      }
      commit(archive, checkpoint(writer, some.toArray(Forecast[]::new)));
    }
    assertThat(shape()).containsExactly(issues, HORIZON, 2, 3);
    for (int row : List.of(0, 10, 11, issues - 3, issues - 2, issues - 1)) {
      assertRow(row, hour(6 * row), 0);
    }
  }

  @Test
  void aRevisionIsARowOfItsOwn() throws Exception {
    appendAll(whole(hour(0), 0), whole(hour(6), 0));
    appendAll(whole(hour(0), 1));
    assertThat(shape()[0]).isEqualTo(3);
    assertRow(0, hour(0), 0);
    assertRow(1, hour(6), 0);
    assertRow(2, hour(0), 1);
  }

  @Test
  void aRepeatedCommitChangesNothing() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0), whole(hour(6), 0));
    commit(archive, staged);
    Map<String, byte[]> before = content();
    commit(archive, staged); // by the same committer
    commit(archive(HORIZON), staged); // and by one that was restored
    assertThat(content()).containsExactlyEntriesOf(before);
  }

  @Test
  void whatIsMadeAgainFromAnOlderCheckpointIsNotAppendedAgain() throws Exception {
    appendAll(whole(hour(0), 0), whole(hour(6), 0));
    archive = archive(HORIZON);
    appendAll(whole(hour(6), 0), whole(hour(12), 0));
    assertThat(shape()[0]).isEqualTo(3);
    assertRow(1, hour(6), 0);
    assertRow(2, hour(12), 0);
    assertThat(pending(root)).isEmpty();
  }

  /** Chunks have their place, coordinates perhaps, and the process dies before the metadata. */
  @Test
  void aCommitThatWasCutOffIsFinishedByItsRepetition() throws Exception {
    appendAll(whole(hour(0), 0));
    Map<String, byte[]> before = content();
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(6), 0), whole(hour(12), 0));
    commit(archive, staged);
    Map<String, byte[]> after = content();
    for (Map.Entry<String, byte[]> file : before.entrySet()) {
      if (file.getKey().endsWith("zarr.json")) { // as it was before the commit came so far
        Files.write(root.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(shape()[0]).isEqualTo(1);

    commit(archive(HORIZON), staged);
    assertThat(content()).containsExactlyEntriesOf(after);
  }

  @Test
  void chunksBeyondTheShapeAreReplaced() throws Exception {
    appendAll(whole(hour(0), 0));
    Path leftover = root.resolve("t2m/t2m/c/1/0/0/0");
    Files.createDirectories(leftover.getParent());
    Files.writeString(leftover, "of a commit after which an older checkpoint was restored");
    appendAll(whole(hour(6), 0));
    assertRow(1, hour(6), 0);
  }

  @Test
  void anAttemptThatEndsBeforeItsCheckpointLeavesNothing() throws Exception {
    ArchiveWriter writer = writer(archive, 0, 1);
    writer.write(whole(hour(0), 0), null);
    writer.close();
    assertThat(visible(root)).isEmpty();
    assertThat(pending(root)).isEmpty();
  }

  @Test
  void chunksThatSomebodyRemovedAreNotCommittedInSilence() throws Exception {
    List<Staged> staged = checkpoint(writer(archive, 0, 1), whole(hour(0), 0));
    Files.delete(root.resolve(pending(root).get(0)));
    assertThatThrownBy(() -> commit(archive, staged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("neither is complete");
    assertThat(root.resolve("zarr.json")).doesNotExist();
  }

  @Test
  void aStreamThatDoesNotFitTheStoreIsRefusedAtStart() throws Exception {
    appendAll(whole(hour(0), 0));
    assertThatThrownBy(() -> writer(archive(HORIZON + 1), 0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shape [1,3,2,3]; expected t2m, 4 leads");
  }

  @Test
  void metadataAreThoseOfZarr3() throws Exception {
    appendAll(whole(hour(0), 0), whole(hour(6), 0));
    assertThat(json("t2m/t2m/zarr.json")).isEqualTo(golden("array.json"));
    assertThat(json("t2m/valid_time/zarr.json")).isEqualTo(golden("valid_time.json"));
    JsonNode group = json("t2m/zarr.json");
    assertThat(group.get("attributes")).isEqualTo(golden("group_attributes.json"));

    JsonNode inline = json("zarr.json").at("/consolidated_metadata/metadata");
    assertThat(inline.fieldNames())
        .toIterable()
        .containsExactly(
            "t2m",
            "t2m/t2m",
            "t2m/issue_time",
            "t2m/lead",
            "t2m/valid_time",
            "t2m/revision",
            "t2m/weights_sha256",
            "t2m/latitude",
            "t2m/longitude");
    assertThat(inline.get("t2m").get("attributes")).isEqualTo(group.get("attributes"));
    for (Map.Entry<String, JsonNode> array :
        group.at("/consolidated_metadata/metadata").properties()) {
      String path = "t2m/" + array.getKey();
      assertThat(array.getValue()).isEqualTo(json(path + "/zarr.json")).isEqualTo(inline.get(path));
    }
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(root.resolve(name).toFile());
  }

  private static JsonNode golden(String name) throws IOException {
    try (InputStream in = ZarrArchiveTest.class.getResourceAsStream("/zarr/" + name)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private Map<String, byte[]> content() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            files.put(root.relativize(file).toString(), Files.readAllBytes(file));
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
