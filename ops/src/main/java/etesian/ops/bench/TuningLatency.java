package etesian.ops.bench;

import etesian.ingest.field.Grid;
import etesian.ops.bench.TuningReport.Figures;
import etesian.ops.bench.TuningReport.Sample;
import etesian.ops.sample.SimulatedAtmosphere;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether lessons delay forecasts. The same hourly granules come at the same pace to the same job
 * on clusters of separate processes: without learning; with lessons that never end in the process
 * that forecasts; and with these in a TaskManager of their own. Once in this order and once
 * backwards, so that a machine that gets slower or faster meanwhile does so for all three.
 */
public final class TuningLatency {
  /** M2NO forecasts t2m on it, four steps ahead. */
  private static final Grid GRID = SimulatedAtmosphere.GRID;

  /** Hours that are there before time is taken: windows for the lesson. */
  private static final int HOURS_BEFORE = 60;

  /** Code is compiled, the lesson has begun. */
  private static final Duration WARM_UP = Duration.ofSeconds(12);

  private final double perSecond;
  private final Duration time;
  private final int threads;
  private final Path folder;
  private final Consumer<String> say;

  /** Where lessons are given. */
  public enum Place {
    NOWHERE(1, 1),
    SAME_PROCESS(1, 2),
    OWN_PROCESS(2, 1);

    final int taskManagers;
    final int slots; // of each

    Place(int taskManagers, int slots) {
      this.taskManagers = taskManagers;
      this.slots = slots;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param perSecond granules
   * @param time over which each set-up is measured, half of it in either round
   * @param threads of libtorch for a step of the forecasts
   * @param folder of data and logs of all processes, kept afterwards
   * @param say prints a line
   */
  public TuningLatency(
      double perSecond, Duration time, int threads, Path folder, Consumer<String> say) {
    this.perSecond = perSecond;
    this.time = time;
    this.threads = threads;
    this.folder = folder;
    this.say = say;
  }

  /** Runs one after the other. */
  public TuningReport run() throws InterruptedException {
    int warmUp = HOURS_BEFORE + count(WARM_UP);
    int measured = count(time.dividedBy(2));
    List<byte[]> granules = new ArrayList<>();
    StreamGranules world = new StreamGranules(GRID);
    for (int hour = 0; hour < warmUp + measured; hour++) {
      granules.add(world.next());
    }
    List<Place> order = new ArrayList<>(List.of(Place.values()));
    Map<Place, List<Sample>> samples = new EnumMap<>(Place.class);
    for (String round : List.of("forwards", "backwards")) {
      for (Place place : order) {
        say.accept("lessons: %s, %s".formatted(place, round));
        Path data = folder.resolve(round).resolve(place.toString());
        try (TuningRun run = TuningRun.start(data, place, threads, perSecond)) {
          run.send(granules.subList(0, HOURS_BEFORE), 0);
          run.send(granules.subList(HOURS_BEFORE, warmUp), perSecond);
          Sample sample = run.measure(granules.subList(warmUp, granules.size()), perSecond);
          samples.computeIfAbsent(place, p -> new ArrayList<>()).add(sample);
          say.accept("  " + Figures.of(List.of(sample)));
        }
      }
      Collections.reverse(order);
    }
    return new TuningReport(
        perSecond,
        time.toMillis() / 1000.0,
        threads,
        Figures.of(samples.get(Place.NOWHERE)),
        Figures.of(samples.get(Place.SAME_PROCESS)),
        Figures.of(samples.get(Place.OWN_PROCESS)));
  }

  private int count(Duration duration) {
    return (int) Math.round(perSecond * duration.toMillis() / 1000);
  }
}
