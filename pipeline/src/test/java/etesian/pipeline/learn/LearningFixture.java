package etesian.pipeline.learn;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A simulated stream that learns by S-MNN, with what it said and whom it promoted. */
abstract class LearningFixture {
  static final StreamSettings STREAM = Worlds.stream();
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final double SLOW = 0.1;
  static final double FAST = 0.9;
  static final int CHANGE = 500;

  /** Long enough to know what is normal: else a lesson has something to find. */
  static final List<float[]> LONG = Worlds.series(20_000, 99, day -> SLOW);

  @TempDir Path folder;
  WeightsStore store;
  final List<ModelEvent> events = new ArrayList<>();
  final List<Champion> promoted = new ArrayList<>();

  @BeforeEach
  void openStore() {
    store = new WeightsStore(folder);
  }

  Champion champion(Weights weights) {
    return new Champion("t2m", "smnn", store.put(weights), Champion.ALWAYS, null);
  }

  /** Weights that lack an entry which every reader asks for. */
  String damaged(List<float[]> series) {
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.remove("stream.channels");
    return store.put(new Weights(metadata, good.tensors()));
  }

  static TuningSettings tuning() {
    return tuning(100, true, 0.01);
  }

  /** Promotes what is better at present: the simulated series are short. */
  static TuningSettings tuning(int every, boolean drift, double rate) {
    return TuningSettings.OFF.with(
        t ->
            t.every(every)
                .drift(drift)
                .rank(1)
                .steps(60)
                .learningRate(0.05)
                .falsePromotionRate(rate)
                .longRun(false)
                .blocks(60)
                .replayMebibytes(1));
  }

  static Learning learning(Champion first, TuningSettings tuning) {
    Learning learning = new Learning(STREAM, tuning);
    learning.crown(first, NOW);
    return learning;
  }

  void learn(Champion first, TuningSettings tuning, List<float[]> series) {
    learn(first, tuning, series, Tutors.of(STREAM, tuning, store));
  }

  void learn(Champion first, TuningSettings tuning, List<float[]> series, Tutor tutor) {
    Learning learning = learning(first, tuning);
    try (Workshop workshop = workshop(tutor)) {
      follow(learning, workshop, series, 0, series.size());
    }
  }

  /** Days from (inclusive) to (exclusive), each as it comes. */
  void follow(Learning learning, Workshop workshop, List<float[]> series, int from, int to) {
    for (int day = from; day < to; day++) {
      events.addAll(learning.observe(Worlds.day(day), series.get(day), NOW));
      note(LearningLoop.catchUp(learning, workshop, NOW));
    }
  }

  Workshop workshop(Tutor tutor) {
    return new Workshop(STREAM, store, tutor);
  }

  void note(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      events.addAll(outcome.events());
      outcome.champion().ifPresent(promoted::add);
    }
  }

  List<Kind> kinds() {
    return events.stream().map(ModelEvent::event).toList();
  }

  ModelEvent event(Kind kind) {
    return events.stream().filter(e -> e.event() == kind).findFirst().orElseThrow();
  }
}
