package etesian.ops.compare;

import etesian.ingest.field.Field;
import etesian.ops.demo.FileSeries;
import etesian.ops.run.DataFiles;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/** The tasks that there are data for. */
public final class Tasks {
  private Tasks() {}

  /**
   * One for each regular series that is long enough.
   *
   * @param paths NetCDF files or folders
   * @param say told of what is left out
   */
  public static List<Task> ofFiles(List<Path> paths, Consumer<String> say) {
    List<Field> fields = new DataFiles(paths, say).fields();
    List<Task> tasks = new ArrayList<>();
    for (Map.Entry<StreamSettings, List<Field>> series :
        FileSeries.streams(fields, say).entrySet()) {
      tasks.add(SeriesTask.of(series.getKey(), series.getValue(), fields));
    }
    return tasks;
  }

  /**
   * Vorticity of forced two-dimensional flows, solved here.
   *
   * @param flows a multiple of 8
   */
  public static Task flow(int flows, long seed, DoubleConsumer progress) {
    return FlowTask.of(flows, seed, progress);
  }
}
