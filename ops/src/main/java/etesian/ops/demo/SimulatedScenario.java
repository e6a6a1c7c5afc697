package etesian.ops.demo;

import etesian.ingest.field.TimeStep;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.ops.sample.GranuleSeries;
import etesian.ops.sample.SampleGranule;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.ops.sample.SimulatedOcean;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The simulated world as it goes by: first a past that teaches the references, then day after day
 * and week after week, without end. The weights lie in the repository; {@code ./etesian train} made
 * them from a world of another seed (docs/models.md has the command).
 */
public final class SimulatedScenario implements Scenario {
  /** Seed of the world that the demo shows; its weights come from another. */
  public static final long SEED = 20;

  static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int PAST_DAYS = 120;
  private static final int PAST_WEEKS = 4 * 52;
  private static final int STEPS_PER_DAY = 4;
  private static final Duration BETWEEN_GRANULES = Duration.ofMillis(400);

  static final StreamSettings TEMPERATURE =
      new StreamSettings(
          "t2m",
          "era5",
          SimulatedAtmosphere.T2M.name(),
          SimulatedAtmosphere.T2M.units(),
          SimulatedAtmosphere.GRID,
          new TimeStep.Fixed(SimulatedAtmosphere.STEP),
          2,
          12,
          2,
          START,
          START.plus(Duration.ofDays(PAST_DAYS)),
          Duration.ZERO,
          "m2no",
          leads(12));

  /** From its 20th week on it learns while it runs; a contest is slower than a short demo. */
  private static final TuningSettings LEARNING =
      TuningSettings.OFF.with(
          t -> t.every(52).drift(true).atLeast(150).steps(60).budget(Duration.ofSeconds(5)));

  static final StreamSettings SEA =
      new StreamSettings(
              "sst",
              "sst",
              SimulatedOcean.SST.name(),
              SimulatedOcean.SST.units(),
              SimulatedOcean.GRID,
              new TimeStep.Fixed(SimulatedOcean.STEP),
              52,
              26,
              1,
              START,
              START.plus(SimulatedOcean.STEP.multipliedBy(PAST_WEEKS)),
              Duration.ZERO,
              "smnn",
              leads(26))
          .withTuning(LEARNING);

  private static List<Integer> leads(int horizon) {
    return IntStream.rangeClosed(1, horizon).boxed().toList();
  }

  @Override
  public String title() {
    return "A SIMULATED world (no real weather): six-hourly t2m on 32x64 by M2NO, weekly sst on"
        + " 36x72 by S-MNN";
  }

  @Override
  public Optional<String> notice() {
    return Optional.of("Simulated world, no real weather");
  }

  @Override
  public Map<StreamSettings, Weights> streams() {
    Map<StreamSettings, Weights> streams = new LinkedHashMap<>();
    streams.put(TEMPERATURE, weights(TEMPERATURE));
    streams.put(SEA, weights(SEA));
    return streams;
  }

  static Weights weights(StreamSettings stream) {
    String name = "/weights/simulated-" + stream.name() + ".safetensors";
    try (InputStream in = SimulatedScenario.class.getResourceAsStream(name)) {
      return SafeTensors.read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Iterator<Granule> granules() {
    SimulatedWorld world = new SimulatedWorld(SEED, START);
    return new Iterator<>() {
      private final Deque<Granule> ready = past(world);
      private boolean sea;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Granule next() {
        if (!ready.isEmpty()) {
          return ready.poll();
        }
        sea = !sea;
        return sea
            ? granule(world.ocean(), 1, BETWEEN_GRANULES)
            : granule(world.atmosphere(), STEPS_PER_DAY, BETWEEN_GRANULES);
      }
    };
  }

  /** How many of the first granules are older than every forecast: they teach the references. */
  public int pastGranules() {
    return past(new SimulatedWorld(SEED, START)).size();
  }

  private static Deque<Granule> past(SimulatedWorld world) {
    Deque<Granule> past = new ArrayDeque<>();
    for (int day = 0; day < PAST_DAYS; day += 10) {
      past.add(granule(world.atmosphere(), 10 * STEPS_PER_DAY, Duration.ZERO));
    }
    for (int week = 0; week < PAST_WEEKS; week += 52) {
      past.add(granule(world.ocean(), 52, Duration.ZERO));
    }
    return past;
  }

  private static Granule granule(GranuleSeries series, int times, Duration pause) {
    SampleGranule granule = series.next(times);
    return new Granule(granule.dataset(), granule.fileName(), granule.bytes(), pause);
  }
}
