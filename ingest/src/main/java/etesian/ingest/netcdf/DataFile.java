package etesian.ingest.netcdf;

import java.io.Closeable;
import java.util.List;

/** An open NetCDF file, whatever its format. */
interface DataFile extends Closeable {
  /** As people call it: {@code NetCDF-3 64-bit offset}, {@code NetCDF-4}. */
  String format();

  /** In the order of the file, those of groups included. */
  List<FileVariable> variables();
}
