package etesian.ops.demo;

import etesian.ingest.field.Field;
import etesian.operators.Weights;
import etesian.ops.run.DataFiles;
import etesian.ops.run.DataFiles.DataFile;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The user's own files. Every regular series in them becomes a stream, if it is enough to train
 * weights on the first 70 % of its times; forecasts are issued in the last 30 %. Everything is
 * published, also what cannot be read: the job must cope with it.
 */
final class FileScenario implements Scenario {
  private final List<DataFile> files;
  private final Map<StreamSettings, List<Field>> series;
  private final BiFunction<StreamSettings, List<Field>, Weights> trainer;
  private final Consumer<String> say;
  private Map<StreamSettings, Weights> streams; // null until they are asked for

  /**
   * @param paths files, or folders that are searched for {@code *.nc}
   * @param trainer makes weights of fields; throws {@link IllegalArgumentException} when they are
   *     not enough
   * @param say prints a line
   */
  FileScenario(
      List<Path> paths,
      BiFunction<StreamSettings, List<Field>, Weights> trainer,
      Consumer<String> say) {
    this.trainer = trainer;
    this.say = say;
    DataFiles data = new DataFiles(paths, say);
    files = inOrderOfTime(data.files());
    series = FileSeries.streams(data.fields(), say);
    demandAny(series);
  }

  /**
   * Streams wait for nobody who comes late, so files go by their first time, however they were
   * named. Those without a time stand in the middle, where they would disturb if anything did.
   */
  private static List<DataFile> inOrderOfTime(List<DataFile> files) {
    Map<Boolean, List<DataFile>> dated =
        files.stream().collect(Collectors.partitioningBy(file -> !file.fields().isEmpty()));
    List<DataFile> ordered = new ArrayList<>(dated.get(true));
    ordered.sort(Comparator.comparing(FileScenario::firstTime));
    ordered.addAll(ordered.size() / 2, dated.get(false));
    return ordered;
  }

  private static Instant firstTime(DataFile file) {
    return file.fields().stream()
        .map(field -> field.frame().validAt())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  @Override
  public String title() {
    return "%d files, %d series; training on the first 70 %%, forecasts in the last 30 %%"
        .formatted(files.size(), series.size());
  }

  @Override
  public Map<StreamSettings, Weights> streams() {
    if (streams == null) {
      streams = new LinkedHashMap<>();
      series.forEach(this::train);
      demandAny(streams);
    }
    return streams;
  }

  private void train(StreamSettings stream, List<Field> fields) {
    try {
      streams.put(stream, trainer.apply(stream, fields));
    } catch (IllegalArgumentException tooLittle) {
      say.accept(tooLittle.getMessage() + ": published, but no stream");
    }
  }

  private static void demandAny(Map<StreamSettings, ?> streams) {
    if (streams.isEmpty()) {
      throw new IllegalArgumentException(
          "no regular series long enough for a forecast in these files; './etesian inspect' shows"
              + " what is in them");
    }
  }

  @Override
  public Iterator<Granule> granules() {
    List<StreamSettings> running = List.copyOf(streams().keySet());
    return files.stream()
        .flatMap(
            file ->
                datasets(file, running).stream()
                    .map(set -> new Granule(set, file.name(), file.bytes(), Duration.ZERO)))
        .iterator();
  }

  /** Where a file goes: once to each dataset that a stream takes some of it from. */
  private static Set<String> datasets(DataFile file, List<StreamSettings> running) {
    Set<String> fed =
        running.stream()
            .filter(stream -> file.fields().stream().anyMatch(stream::takes))
            .map(StreamSettings::dataset)
            .collect(Collectors.toSet());
    // What feeds nobody must be shown to the job too: it counts or refuses it.
    return fed.isEmpty() ? Set.of(running.get(0).dataset()) : fed;
  }
}
