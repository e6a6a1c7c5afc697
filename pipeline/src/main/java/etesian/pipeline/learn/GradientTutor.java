package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.operators.NeuralOperator;
import etesian.operators.Operators;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.physics.PhysicsTerm;
import etesian.operators.training.Ending;
import etesian.operators.training.FineTuneResult;
import etesian.operators.training.FineTuneSettings;
import etesian.operators.training.FineTuner;
import etesian.operators.training.Loss;
import etesian.operators.training.LossTerm;
import etesian.operators.training.Samples;
import etesian.operators.training.TuneScope;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.CellWeights;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.NextField;
import etesian.pipeline.model.Presence;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;

/**
 * Operators that gradients improve: the next step, as first training taught it. Its state lies in
 * the store as content-addressed files, the newest of which {@link #state} names: a lesson that was
 * interrupted goes on where it was.
 */
final class GradientTutor implements Tutor {
  private static final int BATCH = 8;
  private static final double CLIP_NORM = 1;
  private static final int KEEP_EVERY = 50;

  /** Memory of a lesson's pairs over that of the fields that are remembered, at most. */
  private static final int SHARE_OF_REPLAY = 4;

  private final StreamSettings stream;
  private final TuningSettings tuning;
  private final WeightsStore states;
  private volatile String from = ""; // SHA-256 of the newest state of the lesson that goes on

  /**
   * @param states where the state of training is kept
   */
  GradientTutor(StreamSettings stream, TuningSettings tuning, WeightsStore states) {
    this.stream = stream;
    this.tuning = tuning;
    this.states = states;
  }

  @Override
  public String state() {
    return from;
  }

  @Override
  public void resume(String stateSha256) {
    from = stateSha256;
  }

  @Override
  public Lesson teach(String championSha256, Weights champion, List<Window> all, int lesson) {
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("windows", (double) all.size());
    try {
      Forecasters.check(champion, stream);
      List<Window> windows = Anomalies.sound(stream, champion, all, evidence);
      return teach(championSha256, champion, windows, lesson, evidence);
    } catch (IllegalArgumentException e) {
      from = "";
      return Lesson.failed(e.getMessage(), evidence);
    }
  }

  private Lesson teach(
      String championSha256,
      Weights champion,
      List<Window> windows,
      int lesson,
      Map<String, Double> evidence) {
    try (NeuralOperator operator = Operators.load(Standardiser.without(champion))) {
      Check.that(
          operator instanceof TrainableOperator,
          "weights of architecture '%s' do not learn by gradients",
          champion.metadata().get("architecture"));
      NavigableMap<Instant, float[]> fields = Anomalies.fields(stream, windows);
      Anomalies.checkVaried(stream, fields);
      Standardiser standardiser =
          Anomalies.standardiser(stream, champion, fields, tuning.climatologyYears());
      Channels channels = Forecasters.channels(champion);
      Loss loss = loss(fields.values());
      List<Window> drawn = drawn(channels, windows, lesson);
      Anomalies.note("windows_not_drawn", windows.size() - drawn.size(), evidence);
      Gate gate =
          new Gate(tuning.physics() != null, drawn, w -> samples(channels, standardiser, w), loss);
      evidence.put(WINDOWS_TAUGHT, (double) gate.lesson().size());
      double before = gate.loss((TrainableOperator) operator);
      FineTuneResult result;
      try (Physics physics = physics(fields);
          PhysicsTerm term =
              physics == null ? null : physics.term(channels, standardiser, fields)) {
        result =
            tune(
                (TrainableOperator) operator,
                samples(channels, standardiser, gate.lesson()),
                loss,
                term,
                lesson);
      }
      result.first().forEach((name, value) -> evidence.put("first_" + name, value));
      result.last().forEach((name, value) -> evidence.put("last_" + name, value));
      evidence.put("steps", (double) result.steps());
      evidence.put("largest_gradient", result.largestGradient());
      if (result.ending() == Ending.INTERRUPTED) {
        return Lesson.failed("the task is ending; the lesson goes on in the next one", evidence);
      }
      from = "";
      if (result.ending() == Ending.DIVERGED) {
        return Lesson.failed(
            "the loss or its gradient was no number after " + result.steps() + " steps", evidence);
      }
      Optional<String> dropped =
          gate.dropped(before, gate.loss((TrainableOperator) operator), evidence);
      if (dropped.isPresent()) {
        return Lesson.failed(dropped.get(), evidence);
      }
      return Lesson.of(
          Forecasters.complete(
              result.weights(),
              StreamCard.of(stream),
              channels,
              standardiser,
              Tutors.lineage(championSha256, fields, gate.lesson().size(), result.steps())),
          evidence);
    }
  }

  /**
   * As many windows as all steps together could show, and as fit into memory: the channels of a
   * window take several times what its fields do. Others in each lesson, of all times.
   */
  private List<Window> drawn(Channels channels, List<Window> windows, int lesson) {
    int variables = stream.variables().size();
    int values = channels.count(variables, stream.history(), stream.step()) + variables;
    long bytes = (long) values * stream.grid().cells() * Float.BYTES;
    long room = SHARE_OF_REPLAY * ((long) tuning.replayMebibytes() << 20) / bytes;
    long most = Math.max(BATCH, Math.min((long) tuning.steps() * BATCH, room));
    if (windows.size() <= most) {
      return windows;
    }
    List<Window> shuffled = new ArrayList<>(windows);
    Collections.shuffle(shuffled, new Random(tuning.seed() + lesson));
    return shuffled.subList(0, (int) most).stream()
        .sorted(Comparator.comparing(Window::issueTime))
        .toList();
  }

  /** The equation of the stream on the cells that are always there; null without one. */
  private Physics physics(NavigableMap<Instant, float[]> fields) {
    if (tuning.physics() == null) {
      return null;
    }
    int values = stream.variables().size() * stream.grid().cells();
    return new Physics(stream, tuning.physics(), Presence.ofValues(fields.values(), values));
  }

  /**
   * @param physics null for none
   */
  private FineTuneResult tune(
      TrainableOperator operator, Samples samples, Loss loss, LossTerm physics, int lesson) {
    FineTuneSettings settings =
        new FineTuneSettings(
            scope(operator),
            tuning.steps(),
            tuning.budget(),
            BATCH,
            tuning.learningRate(),
            CLIP_NORM,
            tuning.l2sp(),
            tuning.seed() + lesson);
    try (LossTerm data = LossTerm.data(1, loss)) {
      List<LossTerm> terms = new ArrayList<>(List.of(data));
      if (physics != null) {
        terms.add(physics);
      }
      FineTuner tuner = new FineTuner(settings, terms);
      Optional<Weights> state = stored();
      try {
        return tuner.tune(operator, samples, state, KEEP_EVERY, this::keep);
      } catch (WeightsException e) {
        if (state.isEmpty()) {
          throw e;
        }
        return tuner.tune(operator, samples, Optional.empty(), KEEP_EVERY, this::keep);
      }
    }
  }

  private Optional<Weights> stored() {
    try {
      return from.isEmpty() ? Optional.empty() : Optional.of(states.getPatiently(from));
    } catch (IllegalArgumentException | UncheckedIOException gone) {
      return Optional.empty(); // the lesson begins anew
    }
  }

  /** What the task that is ending reached nobody would ask for: its checkpoint has been taken. */
  private void keep(Weights state) {
    if (!Thread.currentThread().isInterrupted()) {
      from = states.put(state);
    }
  }

  private TuneScope scope(TrainableOperator operator) {
    return switch (tuning.layers()) {
      case ALL -> new TuneScope.All();
      case LAST -> new TuneScope.Named(operator.head());
      case LOW_RANK -> new TuneScope.LowRank(tuning.rank());
    };
  }

  private Samples samples(Channels channels, Standardiser standardiser, List<Window> windows) {
    return NextField.samples(
        stream,
        channels,
        standardiser,
        windows.stream().map(Window::issueTime).toList(),
        windows.stream().map(Window::fields).toList());
  }

  /** Cells count by their row, and only where no field of some variable misses them. */
  private Loss loss(Iterable<float[]> fields) {
    Grid grid = stream.grid();
    return Loss.weighted(
        Loss.Measure.MSE,
        CellWeights.byRow(grid),
        Presence.ofCells(fields, stream.variables().size(), grid.cells()));
  }
}
