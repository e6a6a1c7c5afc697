package etesian.ops.sample;

import etesian.ingest.field.Check;
import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The simulated world as files. Two worlds of the same seed and start give the same bytes.
 *
 * <p>The first {@link #LEGACY} of the atmosphere come in the layout that the Climate Data Store
 * used until 2024 (packed integers), what follows and the sea in its present one, as a long archive
 * would mix them.
 */
public final class SimulatedWorld {
  /** How much of the atmosphere comes in the older layout. */
  public static final Duration LEGACY = Duration.ofDays(60);

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm").withZone(ZoneOffset.UTC);

  private final GranuleSeries atmosphere;
  private final GranuleSeries ocean;

  /**
   * @param seed of all randomness
   * @param start valid time of the first field of the atmosphere and of the sea
   */
  public SimulatedWorld(long seed, Instant start) {
    atmosphere = new Atmosphere(seed, start);
    ocean = new Ocean(seed + 1, start);
  }

  /** {@link SimulatedAtmosphere}: {@code t2m}, {@code u10}, {@code v10}, six-hourly. */
  public GranuleSeries atmosphere() {
    return atmosphere;
  }

  /** {@link SimulatedOcean}: {@code sst}, weekly. */
  public GranuleSeries ocean() {
    return ocean;
  }

  private static final class Atmosphere implements GranuleSeries {
    private final SimulatedAtmosphere source;
    private final Instant legacyUntil;

    Atmosphere(long seed, Instant start) {
      source = new SimulatedAtmosphere(seed, start);
      legacyUntil = start.plus(LEGACY);
    }

    @Override
    public Instant nextAt() {
      return source.nextAt();
    }

    @Override
    public SampleGranule next(int times) {
      CopernicusLayout layout =
          nextAt().isBefore(legacyUntil) ? CopernicusLayout.LEGACY : CopernicusLayout.PRESENT;
      Series series = new Series(times, source::nextAt, source::next);
      return series.granule(
          "era5", layout.write(SimulatedAtmosphere.GRID, series.at, series.values));
    }
  }

  private static final class Ocean implements GranuleSeries {
    private final SimulatedOcean source;

    Ocean(long seed, Instant start) {
      source = new SimulatedOcean(seed, start);
    }

    @Override
    public Instant nextAt() {
      return source.nextAt();
    }

    @Override
    public SampleGranule next(int times) {
      Series series =
          new Series(times, source::nextAt, () -> Map.of(SimulatedOcean.SST, source.next()));
      return series.granule(
          "sst", CopernicusLayout.PRESENT.write(SimulatedOcean.GRID, series.at, series.values));
    }
  }

  /** Consecutive fields, by variable. */
  private static final class Series {
    private final List<Instant> at = new ArrayList<>();
    private final Map<Variable, List<float[]>> values = new LinkedHashMap<>();

    Series(int times, Supplier<Instant> clock, Supplier<Map<Variable, float[]>> source) {
      Check.that(times > 0, "a granule holds at least one time, got %d", times);
      for (int i = 0; i < times; i++) {
        at.add(clock.get());
        source
            .get()
            .forEach(
                (variable, field) ->
                    values.computeIfAbsent(variable, v -> new ArrayList<>()).add(field));
      }
    }

    SampleGranule granule(String dataset, byte[] bytes) {
      Instant first = at.get(0);
      String name = "simulated_%s_%s.nc".formatted(dataset, NAME.format(first));
      return new SampleGranule(dataset, name, first, at.get(at.size() - 1), bytes);
    }
  }
}
