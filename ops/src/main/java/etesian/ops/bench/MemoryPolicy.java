package etesian.ops.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of tensors that are freed, by the settings of glibc and libtorch in the environment.
 */
public enum MemoryPolicy {
  /** They go back to the system, and large ones come in huge pages: as the start script has it. */
  RETURNED(
      Map.of(
          "THP_MEM_ALLOC_ENABLE", "1",
          "MALLOC_ARENA_MAX", "2",
          "MALLOC_TRIM_THRESHOLD_", "134217728",
          "MALLOC_MMAP_THRESHOLD_", "16777216")),
  /** They are kept for the next one: no page faults, for a process that does little else. */
  KEPT(
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_TRIM_THRESHOLD_", "4294967296",
          "MALLOC_MMAP_THRESHOLD_", "4294967296")),
  /** Whatever the environment says. */
  AS_IS(Map.of());

  private static final List<String> ALLOCATOR = List.of("MALLOC_", "THP_", "GLIBC_TUNABLES");
  private static final List<String> THREADS = List.of("OMP_", "KMP_", "GOMP_", "MKL_");

  @SuppressWarnings("ImmutableEnumChecker") // nobody can change it
  private final Map<String, String> variables;

  MemoryPolicy(Map<String, String> variables) {
    this.variables = Collections.unmodifiableMap(new TreeMap<>(variables));
  }

  /** Changes the environment of a process that is about to start. */
  void applyTo(Map<String, String> environment) {
    if (this != AS_IS) {
      environment.keySet().removeIf(variable -> startsWith(ALLOCATOR, variable));
      environment.putAll(variables);
    }
  }

  private static boolean startsWith(List<String> prefixes, String variable) {
    return prefixes.stream().anyMatch(variable::startsWith);
  }

  /**
   * The variables that matter to time and memory in a process under this policy: those of the
   * allocator, and those of the threads of libtorch, which it leaves alone.
   */
  public Map<String, String> variables() {
    Map<String, String> environment = new TreeMap<>(System.getenv());
    applyTo(environment);
    Map<String, String> found = new LinkedHashMap<>(environment);
    found
        .keySet()
        .removeIf(variable -> !startsWith(ALLOCATOR, variable) && !startsWith(THREADS, variable));
    return found;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
