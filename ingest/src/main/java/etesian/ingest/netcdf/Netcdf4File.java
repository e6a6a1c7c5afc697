package etesian.ingest.netcdf;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A NetCDF-4 file, which is one of HDF5. */
abstract class Netcdf4File implements DataFile {
  final HdfFile storage;
  final List<FileVariable> variables = new ArrayList<>();

  /**
   * @param storage checked already; closed with this
   */
  Netcdf4File(HdfFile storage) {
    this.storage = storage;
  }

  @Override
  public final String format() {
    return "NetCDF-4";
  }

  @Override
  public final List<FileVariable> variables() {
    return variables;
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
