package etesian.ingest.netcdf;

import etesian.ingest.field.Field;
import java.util.List;

/**
 * What one NetCDF file holds.
 *
 * @param fields sorted by variable, then valid time
 * @param notes what the reader decided against the letter of the file, for logs and people
 */
public record Granule(List<Field> fields, List<String> notes) {
  public Granule {
    fields = List.copyOf(fields);
    notes = List.copyOf(notes);
  }
}
