package etesian.ops.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which cases belong together. */
public enum Suite {
  /** Forward passes and gradients of M2NO, on the heap at both ends. */
  M2NO("2g", MemoryPolicy.RETURNED, MemoryPolicy.KEPT) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return M2noCases.all(peers);
    }
  },
  /** Forward passes and gradients of the Fourier family, on the heap at both ends. */
  FNO("2g", MemoryPolicy.RETURNED, MemoryPolicy.KEPT) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return FnoCases.all(peers);
    }
  },
  /** The solver of S-MNN and its adjoint, in Java. */
  SMNN("4g", MemoryPolicy.AS_IS) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return SmnnCases.all();
    }
  },
  /** Files become fields. */
  DECODE("1g", MemoryPolicy.AS_IS) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return DecodeCase.all();
    }
  },
  /** Granules become forecasts: the whole job, beside its model and its broker alone. */
  STREAM("1g", MemoryPolicy.RETURNED) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return StreamCase.all(peers);
    }
  },
  /** Long rollouts: how soon the first step is there, and what forty cost. */
  ROLLOUT("1g", MemoryPolicy.RETURNED) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return RolloutCase.all();
    }
  },
  /** What checkpoints cost the stream. */
  CHECKPOINT("1g", MemoryPolicy.RETURNED) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return CheckpointCase.all();
    }
  },
  /** Whether many passes and steps leave something behind. */
  SOAK("1g", MemoryPolicy.RETURNED) {
    @Override
    public List<Case> cases(List<Path> peers) {
      return SoakCase.all();
    }
  };

  private final String heap;

  @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
  private final List<MemoryPolicy> policies;

  Suite(String heap, MemoryPolicy... policies) {
    this.heap = heap;
    this.policies = List.of(policies);
  }

  /**
   * @param peers what is timed beside ours: TorchScript files of the published models for M2NO and
   *     FNO, programs for the stream; the others have none
   */
  public abstract List<Case> cases(List<Path> peers);

  /** Largest heap of a process that runs a case. */
  public String heap() {
    return heap;
  }

  /** Those that make a difference. */
  public List<MemoryPolicy> policies() {
    return policies;
  }

  /**
   * @throws IllegalArgumentException there is none of this name; says which there are
   */
  public Case named(String name, List<Path> peers) {
    List<Case> cases = cases(peers);
    return cases.stream()
        .filter(c -> c.name().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s has no case '%s', only %s"
                        .formatted(this, name, cases.stream().map(Case::name).toList())));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
