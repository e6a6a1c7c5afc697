package etesian.pipeline;

import etesian.operators.Devices;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;

/**
 * The models of a stream, from the store, in whatever process a task runs.
 *
 * @param device how many threads an operation has on a CPU
 */
record StoredModels(WeightsStore store, StreamSettings stream, DeviceSettings device)
    implements ForecasterSource {

  /** The number of threads is a property of the thread that asks, so it is set here, not before. */
  @Override
  public void open() {
    try {
      Devices.setThreads(device.threads());
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "this process has no DJL, or the job has brought one of its own: './etesian package DIR'"
              + " writes DIR/lib, whose jars belong in the folder lib of Flink on each TaskManager,"
              + " and nowhere else",
          e);
    }
  }

  @Override
  public Forecaster load(String weightsSha256) {
    return Forecasters.load(store.get(weightsSha256), stream);
  }
}
