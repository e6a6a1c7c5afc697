package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void whatServedOrMayServeStaysAndOrphansGo() {
    WeightsStore store = new WeightsStore(folder);
    String first = put(store, 1);
    String second = put(store, 2);
    String rejected = put(store, 3);
    String candidate = put(store, 4);
    String orphan = put(store, 5);
    Champion champion =
        new Champion("sst", "smnn", first, Champion.ALWAYS, null).then("smnn", second, NOW);
    List<ModelEvent> events =
        List.of(
            event(Kind.TRAINED, rejected),
            event(Kind.CANDIDATE, rejected),
            event(Kind.REJECTED, rejected),
            event(Kind.TRAINED, candidate));
    Instant later = Instant.now().plus(Duration.ofDays(2));
    assertThat(
            Registry.sweep(
                store, Registry.named(List.of(champion), events), Duration.ofDays(1), later))
        .containsExactlyInAnyOrder(rejected, orphan);
    assertThat(List.of(first, second, candidate))
        .allMatch(s -> Files.exists(Path.of(store.location(s))));
    assertThat(List.of(rejected, orphan)).noneMatch(s -> Files.exists(Path.of(store.location(s))));
  }

  @Test
  void whatWasPromotedOnceStaysAlsoWhenItWasRejectedBefore() {
    String sha256 = "a".repeat(64);
    assertThat(
            Registry.named(
                List.of(), List.of(event(Kind.PROMOTED, sha256), event(Kind.REJECTED, sha256))))
        .containsExactly(sha256);
  }

  @Test
  void aYoungFileStaysAsItsEventMayBeOnItsWay() {
    WeightsStore store = new WeightsStore(folder);
    put(store, 1);
    assertThat(
            Registry.sweep(
                store, Registry.named(List.of(), List.of()), Duration.ofDays(1), Instant.now()))
        .isEmpty();
  }

  private static String put(WeightsStore store, float value) {
    return store.put(
        new Weights(
            Map.of("architecture", "smnn"), Map.of("w", new Tensor(new float[] {value}, 1))));
  }

  private static ModelEvent event(Kind kind, String sha256) {
    return new ModelEvent(kind, NOW, "sst", "smnn", sha256, null, null, null, "because", Map.of());
  }
}
