package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Weights;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.learn.Workshop.Taught;
import etesian.pipeline.storage.Folder;
import etesian.pipeline.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lessons whose weights lie in an object store. */
class WorkshopTest {
  private static final List<float[]> SERIES = Worlds.series(100, 9, day -> 0.1);
  private static final Weights CHAMPION = Worlds.weights(0.1, SERIES);
  private static final Weights CHALLENGER = Worlds.weights(0.2, SERIES);

  private final WeightsStore store = new WeightsStore(Folder.parse("objects://workshop/weights"));

  @Test
  void aStoreThatFailsForAMomentLosesNoLesson() {
    Due due = new Due(store.put(CHAMPION), List.of(), 0);
    ObjectStore.failAfter(0, new IOException("connection reset")); // at the champion
    Taught taught = teach(due, () -> ObjectStore.failAfter(0, new IOException("connection reset")));
    assertThat(taught.failure()).isEmpty();
    assertThat(store.get(taught.sha256()).tensors()).isEqualTo(CHALLENGER.tensors());
  }

  @Test
  void aLessonWhoseWeightsCannotBeKeptSaysWhy() {
    Due due = new Due(store.put(CHAMPION), List.of(), 0);
    Taught taught =
        teach(
            due,
            () -> {
              Thread.currentThread().interrupt(); // it is not tried again then
              ObjectStore.failAfter(0, new IOException("connection reset"));
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(taught.sha256()).isNull();
    assertThat(taught.failure())
        .isEqualTo("cannot keep weights in objects://workshop/weights: connection reset");
  }

  private Taught teach(Due due, Runnable meanwhile) {
    Tutor tutor =
        (sha256, champion, windows, lesson) -> {
          meanwhile.run();
          return Lesson.of(CHALLENGER, Map.of());
        };
    try (Workshop workshop = new Workshop(Worlds.stream(), store, tutor)) {
      return workshop.teach(due);
    }
  }
}
