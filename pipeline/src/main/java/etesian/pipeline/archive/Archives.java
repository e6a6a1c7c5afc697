package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastEvents;
import etesian.pipeline.settings.SinkSettings;
import etesian.pipeline.settings.StreamSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Attaches the archives that the settings ask for. */
public final class Archives {
  private Archives() {}

  /**
   * @param forecasts of all streams, the leads of an issue in one or several messages
   * @param job its name, the same over restarts
   */
  public static void attach(
      DataStream<Forecast> forecasts,
      SinkSettings sinks,
      String job,
      List<StreamSettings> streams) {
    if (sinks.equals(SinkSettings.NONE)) {
      return;
    }
    Map<String, Integer> horizons =
        streams.stream().collect(Collectors.toMap(StreamSettings::name, StreamSettings::horizon));
    DataStream<Forecast> whole =
        forecasts
            .keyBy(ForecastEvents::key, Types.STRING)
            .process(new CollectLeads(horizons), CollectLeads.FORECAST)
            .name("whole forecasts")
            .uid("whole-forecasts");
    sinks
        .netcdf()
        .ifPresent(
            root -> {
              NetcdfArchive archive = new NetcdfArchive(root, streams);
              whole.sinkTo(new ArchiveSink(archive, job)).name("NetCDF files").uid("netcdf-sink");
            });
    sinks
        .zarr()
        .ifPresent(
            root -> {
              ZarrArchive archive = new ZarrArchive(root, streams);
              whole
                  .sinkTo(new ArchiveSink(archive, job))
                  .name("Zarr store")
                  .uid("zarr-sink")
                  .setParallelism(1); // one committer: it is the only one that appends
            });
  }
}
