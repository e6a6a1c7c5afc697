package etesian.ops.bench;

import etesian.ops.cluster.LocalCluster.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Who is killed when. The moments are uniform over a run; of three kills in a row one each hits a
 * broker, a JobManager and a TaskManager, in random order.
 */
final class ChaosPlan {
  private ChaosPlan() {}

  /**
   * @param at since the beginning of the run
   * @param dice from [0, 1): which process of the role
   */
  record Kill(Duration at, Role role, double dice) {}

  /** The same for the same seed, in the order of time. */
  static List<Kill> of(int kills, long seed, Duration run) {
    Random random = new Random(seed);
    List<Duration> moments = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      moments.add(Duration.ofMillis((long) (random.nextDouble() * run.toMillis())));
    }
    Collections.sort(moments);
    List<Kill> plan = new ArrayList<>();
    List<Role> next = new ArrayList<>();
    for (Duration at : moments) {
      if (next.isEmpty()) {
        next.addAll(List.of(Role.values()));
        Collections.shuffle(next, random);
      }
      plan.add(new Kill(at, next.remove(0), random.nextDouble()));
    }
    return plan;
  }
}
