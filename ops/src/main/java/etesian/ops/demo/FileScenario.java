package etesian.ops.demo;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.operators.Weights;
import etesian.ops.run.DataFiles;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The user's own files. Every regular series in them becomes a stream: weights are trained on the
 * first 70 % of its times, forecasts are issued in the last 30 %. Everything is published, also
 * what cannot be read: the job must cope with it.
 */
final class FileScenario implements Scenario {
  private static final double TRAINING_SHARE = 0.7;

  /** More issue times than this add little to the table and much to the wait. */
  private static final int MOST_ISSUES = 1500;

  private final List<Granule> granules = new ArrayList<>();
  private final Map<StreamSettings, List<Field>> training = new LinkedHashMap<>();
  private final FirstWeights trainer;

  /**
   * @param paths files, or folders that are searched for {@code *.nc}
   * @param say prints a line
   */
  FileScenario(List<Path> paths, FirstWeights trainer, Consumer<String> say) {
    this.trainer = trainer;
    Map<Series, List<Field>> series = new LinkedHashMap<>();
    for (DataFiles.DataFile file : new DataFiles(paths, say).files()) {
      String dataset = "era5"; // also of what cannot be read: some topic must show it to the job
      for (Field field : file.fields()) {
        Series key = new Series(field.frame().variable(), field.frame().grid());
        dataset = key.dataset();
        series.computeIfAbsent(key, k -> new ArrayList<>()).add(field);
      }
      granules.add(new Granule(dataset, file.name(), file.bytes(), Duration.ZERO));
    }
    series.forEach((key, fields) -> stream(key, fields, say));
    if (training.isEmpty()) {
      throw new IllegalArgumentException(
          "no regular series long enough for a forecast in these files; './etesian inspect' shows what is in them");
    }
  }

  /** Fields of one kind that follow each other. */
  private record Series(Variable variable, Grid grid) {
    boolean ocean() {
      return variable.name().equals("sst");
    }

    String dataset() {
      return ocean() ? "sst" : "era5";
    }
  }

  private void stream(Series series, List<Field> unordered, Consumer<String> say) {
    List<Field> fields =
        unordered.stream().sorted(Comparator.comparing(f -> f.frame().validAt())).toList();
    List<Instant> times = fields.stream().map(f -> f.frame().validAt()).distinct().toList();
    Optional<TimeStep> step = SeriesStep.of(times);
    int history = series.ocean() ? 24 : 3;
    int horizon = 12;
    if (step.isEmpty() || times.size() < 4 * (history + horizon)) {
      say.accept(
          "%s on %s: %d times%s: published, but no stream"
              .formatted(
                  series.variable().name(),
                  series.grid(),
                  times.size(),
                  step.isEmpty() ? " without a regular step" : ""));
      return;
    }
    int split = (int) (TRAINING_SHARE * times.size());
    StreamSettings stream =
        new StreamSettings(
            name(series),
            series.dataset(),
            series.variable().name(),
            series.variable().units(),
            series.grid(),
            step.get(),
            history,
            horizon,
            Math.max(1, (times.size() - split) / MOST_ISSUES),
            times.get(0),
            times.get(split),
            Duration.ZERO,
            series.ocean() ? "smnn" : "m2no",
            IntStream.rangeClosed(1, horizon).boxed().toList());
    training.put(
        stream,
        fields.stream().filter(f -> f.frame().validAt().isBefore(times.get(split))).toList());
  }

  private String name(Series series) {
    String plain = series.variable().name().toLowerCase(Locale.ROOT).replace('_', '-');
    long taken =
        training.keySet().stream()
            .filter(s -> s.variable().equals(series.variable().name()))
            .count();
    return taken == 0 ? plain : plain + "-" + (taken + 1);
  }

  @Override
  public String title() {
    return "%d files, %d streams; training on the first 70 %%, forecasts in the last 30 %%"
        .formatted(granules.size(), training.size());
  }

  @Override
  public List<StreamSettings> streams() {
    return List.copyOf(training.keySet());
  }

  @Override
  public Weights weights(StreamSettings stream) {
    return trainer.train(stream, training.get(stream));
  }

  @Override
  public Iterator<Granule> granules() {
    return granules.iterator();
  }
}
