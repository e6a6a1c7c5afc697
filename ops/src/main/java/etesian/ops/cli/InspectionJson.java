package etesian.ops.cli;

import etesian.ingest.netcdf.Inspection;
import etesian.ingest.netcdf.Inspection.Cell;
import etesian.ingest.netcdf.Inspection.GridReport;
import etesian.ingest.netcdf.Inspection.TimesReport;
import etesian.ingest.netcdf.Inspection.VariableReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** An {@link Inspection} with the names that {@code inspect --json} promises. */
final class InspectionJson {
  private InspectionJson() {}

  static Map<String, Object> of(Inspection inspection) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", inspection.file());
    json.put("format", inspection.format());
    json.put("variables", inspection.variables().stream().map(InspectionJson::variable).toList());
    if (!inspection.notes().isEmpty()) {
      json.put("notes", inspection.notes());
    }
    return json;
  }

  private static Map<String, Object> variable(VariableReport v) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", v.name());
    json.put("units", v.units());
    json.put("canonical_units", v.canonicalUnits());
    json.put("dims", v.dims());
    json.put("shape", v.shape());
    json.put("stored", v.storedType());
    json.put("missing", v.missing());
    json.put("min", v.min());
    json.put("max", v.max());
    json.put("mean", v.mean());
    cell(json, "first_valid", v.firstValid());
    cell(json, "last_valid", v.lastValid());
    json.put("grid", v.grid() == null ? null : grid(v.grid()));
    if (v.grid() == null) {
      json.put("grid_reason", v.gridReason());
    }
    json.put("times", v.times() == null ? null : times(v.times()));
    json.put("revisions", v.revisions());
    json.put("left_out", v.leftOut());
    return json;
  }

  private static void cell(Map<String, Object> json, String name, Cell cell) {
    json.put(name + "_index", cell == null ? null : cell.index());
    json.put(name, cell == null ? null : cell.value());
  }

  private static Map<String, Object> grid(GridReport grid) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", grid.rows());
    json.put("columns", grid.columns());
    json.put("north", grid.north());
    json.put("west", grid.west());
    json.put("row_step", grid.rowStep());
    json.put("column_step", grid.columnStep());
    return json;
  }

  private static Map<String, Object> times(TimesReport times) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", times.count());
    json.put("first", times.first());
    json.put("last", times.last());
    json.put("calendar", times.calendar());
    if (times.readAs() != null) {
      Map<String, Object> readAs = new LinkedHashMap<>();
      readAs.put("calendar", times.readAs().calendar());
      readAs.put("first", times.readAs().first());
      readAs.put("last", times.readAs().last());
      json.put("read_as", readAs);
    }
    return json;
  }
}
