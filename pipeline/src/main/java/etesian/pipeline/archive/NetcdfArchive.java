package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.CodeVersion;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CF NetCDF file per stream, issue time and revision, with all leads:
 *
 * <pre>  root/stream/yyyy/mm/stream_variable_yyyymmddThhmmssZ_rrevision.nc </pre>
 *
 * A file is complete when it has its name. A revision has a file of its own; the older one stays.
 */
final class NetcdfArchive implements Archive {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(NetcdfArchive.class);
  private static final long LARGEST = Integer.MAX_VALUE - (1L << 20); // less room for the header
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("uuuu/MM").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final URI root;
  private final List<StreamSettings> streams;

  NetcdfArchive(URI root, List<StreamSettings> streams) {
    this.root = root;
    this.streams = List.copyOf(streams);
  }

  @Override
  public Path root() {
    return new Path(root);
  }

  @Override
  public void open() {
    for (StreamSettings stream : streams) {
      int fields = stream.ensemble() == null ? 1 : stream.ensemble().fieldsEmitted();
      long bytes = (long) fields * stream.horizon() * stream.grid().cells() * Float.BYTES;
      if (bytes > LARGEST) {
        throw new IllegalStateException(
            String.format(
                "sinks.netcdf: a forecast of stream %s has %d leads of %d fields on %s, %d bytes,"
                    + " and a file takes %d; shorten the horizon, leave emit_members out of an"
                    + " ensemble or use sinks.zarr",
                stream.name(), stream.horizon(), fields, stream.grid(), bytes, LARGEST));
      }
    }
  }

  @Override
  public Path stage(Forecast whole, Path folder) throws IOException {
    Path pending = new Path(folder, UUID.randomUUID() + ".nc");
    Storage.of(root())
        .write(pending, ForecastNetcdf.write(whole, CodeVersion.get(), Instant.now()));
    return pending;
  }

  @Override
  public void commit(List<Staged> staged) throws IOException {
    Storage storage = Storage.of(root());
    for (Staged one : staged) {
      Path place = place(one.issue());
      if (storage.exists(one.pending())) {
        storage.move(one.pending(), place);
      } else if (!storage.exists(place)) {
        // A reader may take files away at once; a job that is restored then must not stop for it.
        LOG.warn(
            "{} is gone and {} is not there: taken away after its commit?", one.pending(), place);
      }
    }
  }

  private Path place(Issue issue) {
    Instant time = issue.issueTime();
    int millis = Math.floorMod(time.toEpochMilli(), 1000);
    String name =
        String.format(
            "%s_%s_%s%sZ_r%d.nc",
            issue.stream(),
            issue.variable().name().replaceAll("[^A-Za-z0-9._-]", "_"),
            NAME.format(time),
            millis == 0 ? "" : String.format(".%03d", millis),
            issue.revision());
    return new Path(root(), issue.stream() + "/" + FOLDER.format(time) + "/" + name);
  }
}
