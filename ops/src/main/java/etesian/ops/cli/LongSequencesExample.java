package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.examples.LongSequences;
import etesian.operators.examples.LongSequences.Row;
import etesian.operators.examples.LongSequences.World;
import etesian.ops.bench.Table;
import etesian.ops.run.DataFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code example smnn-long}: S-MNN over 208 steps, under the paper's protocol and an honest one.
 */
final class LongSequencesExample {
  private static final int STEPS = 200;
  private static final double DAYS_PER_YEAR = 365.2425;

  private LongSequencesExample() {}

  /**
   * @param data NetCDF files of one variable on one grid, evenly spaced; none for a simulated world
   */
  static int run(PrintWriter out, PrintWriter err, boolean json, List<Path> data) {
    World world = data.isEmpty() ? LongSequences.simulated(1) : read(data, err);
    List<Row> rows;
    try (WorkBar bar = new WorkBar(err, "training three mechanisms on " + world.name())) {
      rows = LongSequences.run(world, STEPS, bar::at);
    }
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("protocol", row.protocol());
      line.put("forecast", row.forecast());
      line.put("mse", row.mse());
      line.put("rmse", row.rmse());
      lines.add(line);
    }
    if (json) {
      out.println(Json.pretty(lines));
      return 0;
    }
    out.printf(
        "%s: %d steps out of the %d before, the last of %d; mse in the variance of each protocol,"
            + " rmse in the unit of the data%n",
        world.name(), LongSequences.SPAN, LongSequences.SPAN, world.values().length);
    Table.lines(lines).forEach(out::println);
    return 0;
  }

  private static World read(List<Path> data, PrintWriter err) {
    List<Field> fields =
        new DataFiles(data, err::println)
            .fields().stream().sorted(Comparator.comparing(f -> f.frame().validAt())).toList();
    if (fields.stream().map(f -> f.frame().grid()).distinct().count() != 1
        || fields.stream().map(f -> f.frame().variable().name()).distinct().count() != 1) {
      throw new IllegalArgumentException(
          fields.size() + " fields in " + data + ": expected those of one variable on one grid");
    }
    Grid grid = fields.get(0).frame().grid();
    double[] areas = new double[grid.cells()];
    for (int cell = 0; cell < areas.length; cell++) {
      areas[cell] = grid.weight(cell / grid.columns());
    }
    Duration whole =
        Duration.between(
            fields.get(0).frame().validAt(), fields.get(fields.size() - 1).frame().validAt());
    double days = whole.toMillis() / 86_400_000.0 / (fields.size() - 1);
    return new World(
        data.get(0).getFileName().toString(),
        fields.stream().map(Field::toArray).toArray(float[][]::new),
        areas,
        DAYS_PER_YEAR / days,
        null);
  }
}
