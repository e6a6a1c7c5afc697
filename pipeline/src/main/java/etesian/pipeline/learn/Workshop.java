package etesian.pipeline.learn;

import etesian.operators.Weights;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.StreamSettings;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the computing of learning is done: shadow forecasts and lessons. Holds the models that it
 * needs at the moment, and no state that a restart would miss. For one thread.
 */
public final class Workshop implements AutoCloseable {
  private final StreamSettings stream;
  private final WeightsStore store;
  private final Tutor tutor;
  private final Shadow shadow;
  private final PhysicsWatch watch;
  private final Map<String, Model> models = new HashMap<>();
  private final Map<String, String> unusable = new HashMap<>();
  private final Duration patience;
  private final Map<String, Long> awaySince = new HashMap<>();

  private record Model(Forecaster forecaster, Standardiser standardiser) {}

  /**
   * @param store where weights are found by their hash, and new ones are kept
   */
  public Workshop(StreamSettings stream, WeightsStore store, Tutor tutor) {
    this(stream, store, tutor, Duration.ZERO);
  }

  /**
   * @param patience for how long a file that cannot be read may come back
   */
  public Workshop(StreamSettings stream, WeightsStore store, Tutor tutor, Duration patience) {
    this.stream = stream;
    this.store = store;
    this.tutor = tutor;
    this.patience = patience;
    shadow = new Shadow(stream);
    watch = new PhysicsWatch(stream, stream.tuning().physics());
  }

  /**
   * How wrong forecasts of a window were.
   *
   * @param losses of each contestant by its hash; infinite for a forecast that failed, NaN for an
   *     observation that is missing, and of a champion that cannot be used: nothing is won against
   *     it
   * @param inputMean a statistic of the newest field with its season taken away; NaN for none
   * @param residual what the equation of the stream leaves over of the observed fields, as a share
   *     of their change; NaN for none
   * @param absurd values that nobody can have seen, which count as missing
   * @param failures why a contestant cannot be used, by its hash
   * @param away why one cannot be read at the moment: the window is to be judged later
   */
  public record Judged(
      Map<String, double[]> losses,
      double inputMean,
      double residual,
      int absurd,
      Map<String, String> failures,
      Optional<String> away) {}

  /**
   * Lets the contestants forecast a window. Weights that cannot be used have infinite losses; those
   * of the champion, which is the first, are not known then, as they say nothing for the others.
   */
  public Judged judge(Window window, Set<String> contestants) {
    letGoOfOthers(contestants);
    Window seen = window;
    int absurd = 0;
    Map<String, double[]> losses = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    double inputMean = Double.NaN;
    double residual = Double.NaN;
    for (String sha256 : contestants) {
      boolean isChampion = losses.isEmpty();
      double[] failed = new double[shadow.losses()];
      Arrays.fill(failed, isChampion ? Double.NaN : Double.POSITIVE_INFINITY);
      losses.put(sha256, failed);
      if (unusable.containsKey(sha256)) {
        failures.put(sha256, unusable.get(sha256));
        continue;
      }
      try {
        Model model = models.computeIfAbsent(sha256, this::load);
        if (isChampion) { // by what it takes for normal
          seen = observed(model.standardiser(), window, stream.variables().size());
          absurd = doubted(window, seen);
          inputMean = shadow.inputMean(model.standardiser(), seen);
          residual = watch.ratio(model.standardiser(), seen);
        }
        losses.put(sha256, shadow.losses(model.forecaster(), seen));
      } catch (UncheckedIOException e) {
        if (isAwayForAMoment(sha256)) {
          return new Judged(
              Map.of(), Double.NaN, Double.NaN, 0, Map.of(), Optional.of(e.getMessage()));
        }
        failures.put(sha256, e.getMessage());
      } catch (RuntimeException e) { // a damaged file may fail anywhere
        unusable.put(sha256, reason(e));
        failures.put(sha256, reason(e));
      }
    }
    return new Judged(losses, inputMean, residual, absurd, failures, Optional.empty());
  }

  private static Window observed(Standardiser standardiser, Window window, int variables) {
    return new Window(
        window.issueTime(),
        window.fields().stream().map(f -> standardiser.observed(f, variables)).toList());
  }

  /** Values that are missing in what is seen of a window and not in the window. */
  private static int doubted(Window window, Window seen) {
    int doubted = 0;
    for (int i = 0; i < window.fields().size(); i++) {
      float[] before = window.fields().get(i);
      float[] after = seen.fields().get(i);
      if (after != before) { // most are the same array
        doubted += missing(after) - missing(before);
      }
    }
    return doubted;
  }

  private static int missing(float[] field) {
    int missing = 0;
    for (float value : field) {
      missing += Float.isNaN(value) ? 1 : 0;
    }
    return missing;
  }

  private boolean isAwayForAMoment(String sha256) {
    long now = System.nanoTime();
    return now - awaySince.computeIfAbsent(sha256, first -> now) < patience.toNanos();
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Weights that were of no use may be mended. */
  public void tryAgain(String sha256) {
    unusable.remove(sha256);
    awaySince.remove(sha256);
  }

  private Model load(String sha256) {
    Weights weights = store.get(sha256);
    awaySince.remove(sha256);
    return new Model(Forecasters.load(weights, stream), Standardiser.of(weights));
  }

  private void letGoOfOthers(Set<String> contestants) {
    unusable.keySet().retainAll(contestants);
    awaySince.keySet().retainAll(contestants);
    Iterator<Map.Entry<String, Model>> loaded = models.entrySet().iterator();
    while (loaded.hasNext()) {
      Map.Entry<String, Model> entry = loaded.next();
      if (!contestants.contains(entry.getKey())) {
        entry.getValue().forecaster().close();
        loaded.remove();
      }
    }
  }

  /**
   * A lesson and its file, which is in its place before anybody hears of it.
   *
   * @param sha256 of the file that the weights were written to; null when there are none
   * @param failure why there are none
   * @param evidence see {@link Tutor.Lesson}
   */
  public record Taught(String sha256, String failure, Map<String, Double> evidence) {}

  /** Gives a lesson. */
  public Taught teach(Due due) {
    try {
      Lesson lesson =
          tutor.teach(
              due.champion(), store.getPatiently(due.champion()), due.windows(), due.number());
      String sha256 = lesson.weights() == null ? null : store.put(lesson.weights());
      return new Taught(sha256, lesson.failure(), lesson.evidence());
    } catch (UncheckedIOException e) {
      return new Taught(null, e.getMessage(), Map.of());
    } catch (OutOfMemoryError e) { // else the job would begin the same lesson again and again
      tutor.resume("");
      return new Taught(
          null,
          "a lesson of %d windows takes more memory than there is (%s): lower replay_mebibytes"
                  .formatted(due.windows().size(), e.getMessage())
              + " or give the tuner more",
          Map.of());
    } catch (RuntimeException e) {
      tutor.resume(""); // whatever it had begun
      return new Taught(null, reason(e), Map.of());
    }
  }

  @Override
  public void close() {
    watch.close();
    letGoOfOthers(Set.of());
  }
}
