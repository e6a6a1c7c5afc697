package etesian.ops.console;

import etesian.operators.smnn.Coefficients;
import etesian.operators.smnn.Mechanism;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.MechanismMaps;
import etesian.pipeline.storage.Folder;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the weights of S-MNN streams say of the world, for as long as they lie in the store. A few
 * files stay open; maps are computed one at a time, outside of the store's lock.
 */
final class Mechanisms {
  private static final Logger LOG = LoggerFactory.getLogger(Mechanisms.class);
  private static final int KEPT = 16;

  private final WeightsStore weights;
  private final Object computing = new Object();

  /** SHA-256 of weights that say nothing of the kind: most do, and none ever will. */
  private final Set<String> silent = new HashSet<>();

  private final Map<String, MechanismMaps> read =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MechanismMaps> eldest) {
          return size() > KEPT;
        }
      };

  Mechanisms(Folder folder) {
    this.weights = new WeightsStore(folder);
  }

  /**
   * A mode for people.
   *
   * @param eFolding steps until it has decayed to 1/e
   * @param period steps of one turn; null for a relaxation
   * @param damping fraction of critical damping
   * @param gain weight in the observation
   */
  record Mode(String law, double eFolding, Double period, double damping, double gain) {
    static Mode of(Mechanism.Mode mode) {
      boolean turns = mode.law() == Mechanism.Law.OSCILLATION;
      return new Mode(
          mode.law().name().toLowerCase(Locale.ROOT),
          mode.eFoldingSteps(),
          turns ? mode.periodSteps() : null,
          mode.damping(),
          mode.gain());
    }
  }

  /**
   * The law of some weights.
   *
   * @param modes of the whole field
   * @param maps names of the maps that {@link #maps} gives; empty where all cells share the modes
   */
  record Law(String stream, String weights, List<Mode> modes, List<String> maps) {}

  /** Empty for weights of another architecture, or that lie elsewhere. */
  Optional<Law> of(String stream, String sha256) {
    return open(sha256)
        .map(
            found ->
                new Law(
                    stream,
                    sha256,
                    found.mechanism().modes().stream().map(Mode::of).toList(),
                    found.differByCell() ? found.names() : List.of()));
  }

  /**
   * The maps behind a forecast, one after the other, shape (names, rows, columns).
   *
   * @throws Unavailable with the reason
   */
  float[] maps(Store store, SeriesKey key, Instant issue) throws Unavailable {
    String sha256 =
        store.with(
            key, of -> of.issues.containsKey(issue) ? of.issues.get(issue).weightsSha256 : null);
    if (sha256 == null) {
      throw new Unavailable("there is no such forecast, or no longer");
    }
    MechanismMaps maps =
        open(sha256)
            .filter(MechanismMaps::differByCell)
            .orElseThrow(() -> new Unavailable("weights " + sha256 + " hold no mechanism by cell"));
    List<float[]> frames = store.with(key, of -> frames(of, maps, issue));
    int needed = maps.card().history();
    if (frames.size() < needed) {
      throw new Unavailable(
          "a mechanism is read from %d fields up to the issue time; %d of them are kept here"
              .formatted(needed, frames.size()));
    }
    synchronized (computing) {
      Coefficients read = maps.at(frames, issue);
      return read.values().values();
    }
  }

  private static List<float[]> frames(Series of, MechanismMaps maps, Instant issue) {
    List<float[]> frames = new ArrayList<>();
    if (maps.card().grid().equals(of.grid())) {
      for (int back = maps.card().history() - 1; back >= 0; back--) {
        float[] frame = of.observed.get(maps.card().step().plus(issue, -back));
        if (frame != null) {
          frames.add(frame);
        }
      }
    }
    return frames;
  }

  /** Why there are no maps, for people. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String why) {
      super(why);
    }
  }

  private synchronized Optional<MechanismMaps> open(String sha256) {
    MechanismMaps known = read.get(sha256);
    if (known != null) {
      return Optional.of(known);
    }
    if (silent.contains(sha256)) {
      return Optional.empty();
    }
    try {
      if (!weights.holds(sha256)) {
        return Optional.empty();
      }
      Optional<MechanismMaps> found = load(sha256);
      found.ifPresentOrElse(maps -> read.put(sha256, maps), () -> silent.add(sha256));
      return found;
    } catch (UncheckedIOException e) { // to be asked for again
      LOG.info("the mechanism of {} cannot be read now: {}", sha256, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<MechanismMaps> load(String sha256) {
    try {
      return MechanismMaps.of(weights.get(sha256));
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.info("the mechanism of {} is not shown: {}", sha256, e.toString());
      return Optional.empty();
    }
  }
}
