package etesian.ops.demo;

import static java.util.stream.Collectors.toSet;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.pipeline.settings.StreamSettings;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The regular series among the fields of files, and the stream that each could be. */
public final class FileSeries {
  private static final double TRAINING_SHARE = 0.7;

  /** More issue times than this add little to the table and much to the wait. */
  private static final int MOST_ISSUES = 1500;

  private final Map<StreamSettings, List<Field>> training = new LinkedHashMap<>();
  private final boolean mechanisms;
  private final Consumer<String> say;

  private FileSeries(boolean mechanisms, Consumer<String> say) {
    this.mechanisms = mechanisms;
    this.say = say;
  }

  /**
   * @param say told of each series that is too short or keeps no step
   * @return streams that issue forecasts in the last 30 % of their times, with the fields before
   */
  public static Map<StreamSettings, List<Field>> streams(List<Field> fields, Consumer<String> say) {
    return streams(fields, true, say);
  }

  /** The same, all by networks that step from field to field: the ocean too. */
  public static Map<StreamSettings, List<Field>> networks(
      List<Field> fields, Consumer<String> say) {
    return streams(fields, false, say);
  }

  private static Map<StreamSettings, List<Field>> streams(
      List<Field> fields, boolean mechanisms, Consumer<String> say) {
    Map<Kind, List<Field>> series = new LinkedHashMap<>();
    for (Field field : fields) {
      series.computeIfAbsent(Kind.of(field), kind -> new ArrayList<>()).add(field);
    }
    FileSeries all = new FileSeries(mechanisms, say);
    series.forEach(all::stream);
    return all.training;
  }

  /** What the fields of a series have in common. */
  private record Kind(String variable, String units, Grid grid) {
    static Kind of(Field field) {
      return new Kind(
          field.frame().variable().name(), field.frame().variable().units(), field.frame().grid());
    }

    boolean ocean() {
      return variable.equals("sst");
    }
  }

  private void stream(Kind kind, List<Field> unordered) {
    List<Field> fields =
        unordered.stream().sorted(Comparator.comparing(f -> f.frame().validAt())).toList();
    List<Instant> times = fields.stream().map(f -> f.frame().validAt()).distinct().toList();
    Optional<TimeStep> step = SeriesStep.of(times);
    boolean mechanism = mechanisms && kind.ocean();
    int history = mechanism ? 24 : 3;
    int horizon = 12;
    if (step.isEmpty() || times.size() < 4 * (history + horizon)) {
      say.accept(
          "%s on %s: %d times%s: published, but no stream"
              .formatted(
                  kind.variable(),
                  kind.grid(),
                  times.size(),
                  step.isEmpty() ? " without a regular step" : ""));
      return;
    }
    int split = (int) (TRAINING_SHARE * times.size());
    StreamSettings stream =
        new StreamSettings(
            name(kind),
            kind.ocean() ? "sst" : "era5",
            kind.variable(),
            kind.units(),
            kind.grid(),
            step.get(),
            history,
            horizon,
            issueEvery(times.size() - split),
            times.get(0),
            times.get(split),
            Duration.ZERO,
            mechanism ? "smnn" : "m2no",
            IntStream.rangeClosed(1, horizon).boxed().toList());
    training.put(
        stream,
        fields.stream().filter(f -> f.frame().validAt().isBefore(times.get(split))).toList());
  }

  /** Such as settings take, and none twice. */
  private String name(Kind kind) {
    String letters =
        kind.variable()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    String plain = letters.isEmpty() ? "series" : letters;
    Set<String> taken = training.keySet().stream().map(StreamSettings::name).collect(toSet());
    String name = plain;
    for (int number = 2; taken.contains(name); number++) {
      name = plain + "-" + number;
    }
    return name;
  }

  /**
   * Steps between issue times, prime to a day's hours: each hour of the day gets its turn, the hard
   * ones too.
   */
  private static int issueEvery(int candidates) {
    int every = Math.max(1, candidates / MOST_ISSUES);
    while (BigInteger.valueOf(every).gcd(BigInteger.valueOf(24)).intValue() != 1) {
      every++;
    }
    return every;
  }
}
