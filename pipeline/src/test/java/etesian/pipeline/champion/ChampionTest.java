package etesian.pipeline.champion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion.Reign;
import etesian.pipeline.storage.Folder;
import etesian.pipeline.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChampionTest {
  private static final String SHA = "c".repeat(64);
  private static final Instant JUNE = Instant.parse("2020-06-01T00:00:00Z");

  @Test
  void aChampionIsCompleteByItself() {
    Champion champion = new Champion("t2m", "m2no", SHA, JUNE, null);
    assertThat(champion.toJson())
        .isEqualTo(
            "{\"stream\":\"t2m\",\"model\":\"m2no\",\"weights_sha256\":\""
                + SHA
                + "\",\"effective_from\":\"2020-06-01T00:00:00Z\",\"parent\":null}");
    assertThat(Champion.fromJson(champion.toJson())).isEqualTo(champion);
  }

  @Test
  void whatTuningNamesSaysSo() {
    Champion champion = new Champion("t2m", "m2no", SHA, JUNE, null).byTuning();
    assertThat(champion.toJson()).endsWith(",\"tuned\":true}");
    assertThat(Champion.fromJson(champion.toJson())).isEqualTo(champion);
    assertThat(champion.then("m2no", SHA, JUNE).tuned()).isFalse();
  }

  @Test
  void aNewerWritersFieldsArePassedOver() {
    String newer = new Champion("t2m", "m2no", SHA, JUNE, null).toJson().replace("{", "{\"x\":1,");
    assertThat(Champion.fromJson(newer).weightsSha256()).isEqualTo(SHA);
  }

  @Test
  void whatIsNoChampionIsRefused() {
    assertThatThrownBy(() -> Champion.fromJson("{}")).hasMessageContaining("not a champion");
    assertThatThrownBy(() -> Champion.fromJson("null")).hasMessageContaining("not a champion");
    assertThatThrownBy(() -> new Champion("t2m", "m2no", "abc", JUNE, null))
        .hasMessageContaining("SHA-256");
  }

  /** Else the job would stumble over such a record for ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[null]",
        "[{}]",
        "[{\"model\":\"m2no\",\"weights_sha256\":\"cc\",\"effective_from\":\"2020-05-01T00:00:00Z\"}]",
        "[{\"model\":\"m2no\",\"weights_sha256\":\"HASH\"}]",
      })
  void aRecordWhosePastIsNoneIsRefused(String earlier) {
    String whole = new Champion("t2m", "m2no", SHA, JUNE, null).toJson();
    String json = whole.replace("}", ",\"earlier\":" + earlier.replace("HASH", SHA) + "}");
    assertThatThrownBy(() -> Champion.fromJson(json)).hasMessageContaining("not a champion");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
  void aTimeThatNoFieldHasIsRefused(String from) {
    String json = new Champion("t2m", "m2no", SHA, JUNE, null).toJson();
    assertThatThrownBy(() -> Champion.fromJson(json.replace(JUNE.toString(), from)))
        .hasMessageContaining("years 1 to 9999");
  }

  /** By hand in any order; what serves later than the record itself is no past of it. */
  @Test
  void thePastOfARecordIsInTheOrderOfTime() {
    List<Reign> reigns = new ArrayList<>();
    for (int day = -30; day <= 2; day++) {
      reigns.add(new Reign("m2no", SHA, JUNE.plusSeconds(86_400L * day)));
    }
    Collections.shuffle(reigns, new Random(1));
    Champion champion = new Champion("t2m", "m2no", SHA, JUNE, null, reigns, false);
    assertThat(champion.earlier())
        .extracting(Reign::effectiveFrom)
        .hasSize(16)
        .isSorted()
        .endsWith(JUNE.minusSeconds(86_400));
  }

  @Test
  void theIssueTimeDecidesWhoServesWhateverTheOrderOfArrival() {
    Champion first = new Champion("t2m", "m2no", SHA, Champion.ALWAYS, null);
    Champion second = new Champion("t2m", "m2no", "d".repeat(64), JUNE, SHA);
    ChampionTimeline timeline = new ChampionTimeline();
    assertThat(timeline.at(JUNE)).isEmpty();
    timeline.add(second);
    assertThat(timeline.at(JUNE.minusMillis(1))).as("the earliest known").contains(second);
    timeline.add(first);
    assertThat(timeline.at(JUNE.minusMillis(1))).contains(first);
    assertThat(timeline.at(JUNE)).contains(second);
  }

  @Test
  void theLastOneWhoseWeightsCanBeUsedServes() {
    Instant july = Instant.parse("2020-07-01T00:00:00Z");
    Champion first = new Champion("t2m", "m2no", SHA, Champion.ALWAYS, null);
    Champion second = first.then("m2no", "d".repeat(64), JUNE);
    Champion third = second.then("m2no", "e".repeat(64), july);
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(third);
    timeline.refuse(hash(third));
    assertThat(hashAt(timeline, july)).isEqualTo(hash(second));
    timeline.hold(hash(second));
    assertThat(hashAt(timeline, july)).isEqualTo(hash(first));
    timeline.restore(hash(second));
    assertThat(hashAt(timeline, july)).isEqualTo(hash(second));
    timeline.restore(hash(third));
    assertThat(hashAt(timeline, july)).isEqualTo(hash(third));
  }

  /** A file that may come back is worth waiting for; one that is no good is not. */
  @Test
  void beforeTheFirstUsableOneThatOneServesUnlessAnotherMayComeBack() {
    Champion first = new Champion("t2m", "m2no", SHA, Champion.ALWAYS, null);
    Champion second = first.then("m2no", "d".repeat(64), JUNE);
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(second);
    timeline.hold(hash(first));
    assertThat(timeline.at(JUNE.minusMillis(1))).isEmpty();
    timeline.refuse(hash(first));
    assertThat(hashAt(timeline, JUNE.minusMillis(1))).isEqualTo(hash(second));
    timeline.refuse(hash(second));
    assertThat(timeline.at(JUNE)).isEmpty();
  }

  private static String hash(Champion champion) {
    return champion.weightsSha256();
  }

  /** The compacted topic holds the last record of a stream alone. */
  @Test
  void oneRecordTellsWhoServedBefore() {
    Instant july = Instant.parse("2020-07-01T00:00:00Z");
    Champion first = new Champion("t2m", "m2no", SHA, Champion.ALWAYS, null);
    Champion third = first.then("m2no", "d".repeat(64), JUNE).then("smnn", "e".repeat(64), july);
    assertThat(third.parent()).isEqualTo("d".repeat(64));
    assertThat(Champion.fromJson(third.toJson())).isEqualTo(third);
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(third);
    assertThat(hashAt(timeline, JUNE.minusMillis(1))).isEqualTo(SHA);
    assertThat(hashAt(timeline, july.minusMillis(1))).isEqualTo("d".repeat(64));
    assertThat(hashAt(timeline, july)).isEqualTo("e".repeat(64));
    assertThatThrownBy(() -> third.then("m2no", SHA, JUNE)).hasMessageContaining("does not follow");
  }

  /** Two promotions before the next field. */
  @Test
  void oneThatIsReplacedBeforeItServedIsNotRemembered() {
    Champion first = new Champion("t2m", "m2no", SHA, Champion.ALWAYS, null);
    Champion second = first.then("m2no", "d".repeat(64), JUNE);
    Champion third = second.then("m2no", "e".repeat(64), JUNE);
    assertThat(third.parent()).isEqualTo(second.weightsSha256());
    assertThat(third.before()).containsExactly(first);
  }

  @Test
  void aRecordDoesNotGrowForEver() {
    Champion champion = new Champion("t2m", "m2no", SHA, JUNE, null);
    for (int day = 1; day <= 40; day++) {
      champion = champion.then("m2no", SHA, JUNE.plusSeconds(86_400L * day));
    }
    assertThat(champion.earlier()).hasSize(16);
    assertThat(champion.earlier().get(15).effectiveFrom()).isEqualTo(JUNE.plusSeconds(86_400 * 39));
  }

  private static String hashAt(ChampionTimeline timeline, Instant issueTime) {
    return timeline.at(issueTime).orElseThrow().weightsSha256();
  }

  @Test
  void weightsAreFoundByTheHashOfTheirContent(@TempDir Path folder) throws Exception {
    Weights weights =
        new Weights(Map.of("architecture", "m2no"), Map.of("w", new Tensor(new float[] {1, 2}, 2)));
    WeightsStore store = new WeightsStore(folder);
    String sha256 = store.put(weights);
    assertThat(store.put(weights)).isEqualTo(sha256);
    assertThat(store.get(sha256).tensors()).isEqualTo(weights.tensors());

    byte[] bytes = Files.readAllBytes(Path.of(store.location(sha256)));
    bytes[bytes.length - 1]++;
    Files.write(Path.of(store.location(sha256)), bytes);
    assertThatThrownBy(() -> store.get(sha256)).hasMessageContaining("damaged");
    assertThatThrownBy(() -> store.get(SHA))
        .as("it may come")
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no weights " + SHA);
  }

  @Test
  void inAnObjectStoreTheyAreFoundAndLetGoInTheSameWay() {
    String bucket = "objects://champions";
    WeightsStore store = new WeightsStore(Folder.parse(bucket + "/weights"));
    store.demandWritable();
    String old = store.put(weights(1));
    String young = store.put(weights(2));
    String state = store.training().put(weights(3));
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    ObjectStore.spoil(store.location(old), ObjectStore.bytes(store.location(old)), yesterday);
    String half = bucket + "/weights/." + SHA + ".safetensors.inprogress.1";
    ObjectStore.spoil(half, new byte[0], yesterday);

    assertThat(store.newestFirst()).containsExactly(young, old);
    assertThat(store.training().newestFirst()).containsExactly(state);
    assertThat(store.get(old).tensors()).isEqualTo(weights(1).tensors());
    Instant anHourAgo = Instant.now().minus(Duration.ofHours(1));
    assertThat(store.halfWritten(anHourAgo)).extracting(Object::toString).containsExactly(half);
    assertThat(store.halfWritten(yesterday.minusSeconds(2))).isEmpty();
    assertThat(store.orphans(Set.of(), anHourAgo)).containsExactly(old);
    assertThat(store.orphans(Set.of(old), anHourAgo)).isEmpty();
    store.delete(old);
    assertThat(store.holds(old)).isFalse();

    ObjectStore.failAfter(0, new IOException("connection reset"));
    assertThatThrownBy(() -> store.get(young))
        .as("it may be read later")
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read " + store.location(young) + ": connection reset");
    ObjectStore.spoil(store.location(young), new byte[9], yesterday);
    assertThatThrownBy(() -> store.get(young))
        .as("it stays wrong")
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  private static Weights weights(float value) {
    return new Weights(Map.of(), Map.of("w", new Tensor(new float[] {value}, 1)));
  }
}
