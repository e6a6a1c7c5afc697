package etesian.ops.cli;

import etesian.operators.Devices;
import etesian.operators.examples.PhysicsWithoutLabels;
import etesian.operators.examples.PhysicsWithoutLabels.Result;
import etesian.operators.examples.PhysicsWithoutLabels.Settings;
import etesian.operators.examples.PhysicsWithoutLabels.Way;
import etesian.ops.bench.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code example physics}: few labels, with and without the residual of an equation. */
final class PhysicsExample {
  private PhysicsExample() {}

  static int run(PrintWriter out, PrintWriter err, boolean json) {
    Devices.setThreads(1); // small fields: more threads only wait for each other
    Settings settings = Settings.FULL;
    List<Result> results;
    try (WorkBar bar = new WorkBar(err, "a tracer whose wind turns")) {
      results = PhysicsWithoutLabels.run(settings, bar::at);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Result result : results) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("model", text(result.way()));
      row.put("labels", result.labels());
      for (int i = 0; i < settings.leads().size(); i++) {
        row.put("rmse_" + settings.leads().get(i), result.rmse().get(i));
      }
      for (int i = 0; i < settings.leads().size(); i++) {
        row.put("worst_" + settings.leads().get(i), result.worst().get(i));
      }
      row.put("dropped", result.dropped() < 0 ? null : result.dropped());
      rows.add(row);
    }
    if (json) {
      out.println(Json.pretty(rows));
      return 0;
    }
    out.printf(
        "RMSE by lead in steps, fields begin with a deviation of 1; root of the mean over %d seeds,"
            + " and the worst; updates that the gate dropped%n",
        settings.seeds().size());
    Table.lines(rows).forEach(out::println);
    return 0;
  }

  private static String text(Way way) {
    return switch (way) {
      case PERSISTENCE -> "persistence";
      case BEFORE_THE_TURN -> "before the wind turned";
      case LABELS -> "labels";
      case LABELS_AND_PHYSICS -> "labels and equation";
      case WRONG_PHYSICS -> "labels and equation of the old wind";
      case NO_TURN -> "no turn: champion";
      case NO_TURN_WRONG_PHYSICS -> "no turn: equation of another wind, no floor";
      case NO_TURN_WRONG_PHYSICS_GATED -> "no turn: the same, gated";
    };
  }
}
