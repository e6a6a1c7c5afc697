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

/** The challenges that there are data for. */
public final class Challenges {
  /** Steps of the longest rollout on the flows. */
  public static final int LONGEST_ON_FLOWS = Flows.TIMES - 1;

  private Challenges() {}

  /**
   * One for each regular series that is long enough.
   *
   * @param paths NetCDF files or folders
   * @param say told of what is left out
   */
  public static List<Challenge> ofFiles(List<Path> paths, Consumer<String> say) {
    List<Field> fields = new DataFiles(paths, say).fields();
    List<Challenge> challenges = new ArrayList<>();
    for (Map.Entry<StreamSettings, List<Field>> series :
        FileSeries.networks(fields, say).entrySet()) {
      challenges.add(new SeriesChallenge(series.getKey(), series.getValue(), fields));
    }
    return challenges;
  }

  /**
   * Vorticity of forced two-dimensional flows.
   *
   * @param folder of the flows: solved once, read after that
   * @param flows a multiple of 8
   */
  public static Challenge flow(Path folder, int flows, long seed, DoubleConsumer progress) {
    Flows coarse = Flows.kept(folder, flows, seed, progress);
    return new FlowChallenge(coarse, FinerFlows.kept(folder, seed, progress));
  }
}
