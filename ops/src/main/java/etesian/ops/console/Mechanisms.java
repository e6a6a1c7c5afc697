package etesian.ops.console;

import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.pipeline.champion.WeightsStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the weights of S-MNN streams say of the world, for as long as they lie in the store. */
final class Mechanisms {
  private static final Logger LOG = LoggerFactory.getLogger(Mechanisms.class);

  private final WeightsStore weights;
  private final Map<String, Optional<List<Mode>>> read = new ConcurrentHashMap<>();

  Mechanisms(Path folder) {
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

  /** The modes; empty for weights of another architecture, or that lie elsewhere. */
  Optional<List<Mode>> of(String sha256) {
    if (!Files.exists(weights.file(sha256))) {
      return Optional.empty();
    }
    return read.computeIfAbsent(sha256, this::read);
  }

  private Optional<List<Mode>> read(String sha256) {
    try {
      Weights found = weights.get(sha256);
      if (!MechanisticForecaster.ARCHITECTURE.equals(found.metadata().get("architecture"))) {
        return Optional.empty();
      }
      try (MechanisticForecaster forecaster = MechanisticForecaster.of(found)) {
        return Optional.of(forecaster.mechanism().modes().stream().map(Mode::of).toList());
      }
    } catch (RuntimeException e) {
      LOG.info("the mechanism of {} is not shown: {}", sha256, e.toString());
      return Optional.empty();
    }
  }
}
