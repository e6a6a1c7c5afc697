package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.pipeline.storage.Folder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where forecasts go besides their topic.
 *
 * @param netcdf root of a tree of NetCDF files, one per issue
 * @param zarr root of a Zarr v3 store
 */
public record SinkSettings(Optional<URI> netcdf, Optional<URI> zarr) {
  public static final SinkSettings NONE = new SinkSettings(Optional.empty(), Optional.empty());

  /**
   * @param text a path or a URI of a file system that Flink knows
   * @throws IllegalArgumentException when no file can be written there
   */
  static URI root(String text) {
    Folder folder = Folder.parse(text);
    if ("file".equals(folder.uri().getScheme())) {
      demandWritable(Path.of(folder.uri()), text);
    }
    return folder.uri();
  }

  private static void demandWritable(Path folder, String text) {
    Path nearest = folder;
    while (!Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    Check.that(
        Files.isDirectory(nearest) && Files.isWritable(nearest),
        "'%s' cannot be written: %s is no folder that we may write to",
        text,
        nearest);
  }

  static SinkSettings read(SettingsReader in) {
    SinkSettings sinks = new SinkSettings(sinkRoot(in, "netcdf"), sinkRoot(in, "zarr"));
    in.check(
        sinks.netcdf().isEmpty() || !sinks.netcdf().equals(sinks.zarr()),
        "zarr.root",
        "must not be that of netcdf");
    return sinks;
  }

  private static Optional<URI> sinkRoot(SettingsReader in, String sink) {
    return in.section(sink).map(section -> section.value("root", null, SinkSettings::root));
  }
}
