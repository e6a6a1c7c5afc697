package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.Sha256;
import etesian.ops.run.Elsewhere;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which files of weights nobody needs any more, and what stands in the way of knowing. */
class ModelsSweepTest extends ModelsFixture {
  private static Stream<Function<Path, Folder>> places() {
    return Stream.of(Folder::of, Elsewhere::of);
  }

  @ParameterizedTest
  @MethodSource("places")
  void onlyWhatATunerLeftAndNobodyNamesIsSwept(Function<Path, Folder> place) throws Exception {
    config = settingsOf(kafka.bootstrap(), place.apply(folder));
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    WeightsStore store = new WeightsStore(folder.resolve("weights"));
    String orphan = store.put(with("lineage.parent", Sha256.hex(sea)));
    String strange = store.put(with("lineage.parent", "ab".repeat(32)));
    String trained = store.put(with("note", "first weights of another stream"));
    for (String old : List.of(orphan, strange, trained, Sha256.hex(sea))) {
      Files.setLastModifiedTime(
          Path.of(store.location(old)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    String young = store.put(with("lineage.parent", Sha256.hex(sea) + " "));
    Path lesson = Path.of(store.training().location(store.training().put(with("steps", "50"))));
    Path half = Files.createFile(folder.resolve("weights").resolve("x.safetensors.y.part"));
    for (Path old : List.of(lesson, half)) {
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    Path goesOn = Path.of(store.training().location(store.training().put(with("steps", "100"))));

    String saved = saved(folder.resolve("state").resolve("chk-7"), store);
    String elsewhere = saved(folder.resolve("savepoints"), store.training());
    assertThat(models("sweep").out()).contains(elsewhere).doesNotContain(saved);
    assertThat(models("sweep", "--savepoints", folder.resolve("none").toString()).err())
        .contains("none is no folder");
    assertThat(
            models("sweep", "--savepoints", place.apply(folder.resolve("savepoints")).toString())
                .out())
        .contains(orphan)
        .doesNotContain(elsewhere, saved);
    Files.delete(Path.of(store.training().location(elsewhere)));

    assertThat(models("sweep").out())
        .contains(orphan, lesson.toString(), half.toString(), "3 files")
        .doesNotContain(strange, trained, goesOn.toString());
    assertThat(Path.of(store.location(orphan))).exists();
    assertThat(models("sweep", "--delete", "--json").out()).contains(orphan, "\"deleted\" : true");
    assertThat(lesson).doesNotExist();
    assertThat(half).doesNotExist();
    assertThat(goesOn).exists();
    assertThat(store.newestFirst())
        .containsExactlyInAnyOrder(young, strange, trained, saved, Sha256.hex(sea));
    assertThat(models("sweep", "--older-than", "PT1M").exitCode()).isEqualTo(2);
  }

  @Test
  void aRecordThatCannotBeReadHoldsUpItsOwnStreamUntilSomebodyPassesItBy() throws Exception {
    String lake = "lake-" + stream;
    WeightsStore store = new WeightsStore(folder.resolve("weights"));
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    String meant = store.put(with("lineage.parent", Sha256.hex(sea)));
    String orphan = store.put(with(Map.of("lineage.parent", Sha256.hex(sea), "note", "n")));
    for (String old : List.of(meant, orphan)) {
      Files.setLastModifiedTime(
          Path.of(store.location(old)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    send(Topics.CHAMPIONS, lake, "not json, of " + meant);
    String next = file("next.safetensors", with("note", "n")).toString();
    assertThat(models("promote", stream, "--weights", next).err()).as("another stream").isEmpty();

    assertThat(models("sweep").err()).contains("'" + lake + "'", "--past-unreadable");
    assertThat(models("sweep", "--past-unreadable").out()).contains(orphan).doesNotContain(meant);
    send(Topics.CHAMPIONS, stream, "not json");
    Run blocked = models("rollback", stream);
    assertThat(blocked.exitCode()).isEqualTo(1);
    assertThat(blocked.err()).contains("1 records", "not a champion", "--past-unreadable");
    assertThat(models("rollback", stream, "--past-unreadable").err()).isEmpty();
    assertThat(models("rollback", stream).err()).as("a later record can be read").isEmpty();
    send(Topics.CHAMPIONS, lake, champion().toJson());
    assertThat(models("sweep").out()).contains(orphan).doesNotContain(meant);
  }

  /** An old file of a tuner that a savepoint in a folder names. */
  private String saved(Path savepoint, WeightsStore store) throws IOException {
    Map<String, String> tuned =
        Map.of("lineage.parent", Sha256.hex(sea), "note", savepoint.toString());
    String sha256 = store.put(with(tuned));
    Files.setLastModifiedTime(
        Path.of(store.location(sha256)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    Files.createDirectories(savepoint);
    Files.write(savepoint.resolve("state-1"), ("\0\1@" + sha256 + "\n").getBytes(UTF_8));
    return sha256;
  }
}
