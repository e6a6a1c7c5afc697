package etesian.ops.cli;

import etesian.ops.bench.Table;
import etesian.ops.embedded.TemporaryFolder;
import etesian.ops.study.DriftStudy;
import etesian.ops.study.DriftStudy.Stretch;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** {@code example drift}: a simulated world with planted changes, frozen against learning. */
final class DriftExample {
  private static final int SEEDS = 5;

  private static final Map<String, Function<Stretch, double[]>> MODELS = new LinkedHashMap<>();

  static {
    MODELS.put("frozen", Stretch::frozen);
    MODELS.put("champion at its beginning", Stretch::kept);
    MODELS.put("learning", Stretch::learning);
    MODELS.put("learning, untested", Stretch::untested);
    MODELS.put("oracle", Stretch::oracle);
  }

  private DriftExample() {}

  static int run(PrintWriter out, PrintWriter err, boolean json) {
    List<List<Stretch>> bySeed = new ArrayList<>();
    try (WorkBar bar = new WorkBar(err, "ten years of a world, five times");
        TemporaryFolder weights = TemporaryFolder.create("etesian-drift-", 100)) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        DriftStudy study = new DriftStudy(DriftStudy.Spans.FULL, DriftStudy.TUNING, weights.path());
        bySeed.add(study.run(seed));
        bar.at((double) seed / SEEDS);
      }
    }
    if (json) {
      out.println(Json.pretty(Map.of("leads", DriftStudy.LEADS, "seeds", bySeed)));
      return 0;
    }
    List<Map<String, Object>> errors = new ArrayList<>();
    List<Map<String, Object>> decisions = new ArrayList<>();
    for (int i = 0; i < bySeed.get(0).size(); i++) {
      int stretch = i;
      List<Stretch> all = bySeed.stream().map(stretches -> stretches.get(stretch)).toList();
      MODELS.forEach((name, rmse) -> errors.add(errors(all, name, rmse)));
      decisions.add(decisions(all));
    }
    out.printf("RMSE in K by lead, mean of %d seeds (and their standard deviation):%n", SEEDS);
    Table.lines(errors).forEach(out::println);
    out.printf("%nEvents: mean of %d seeds; days: median (least to most), where it came:%n", SEEDS);
    Table.lines(decisions).forEach(out::println);
    return 0;
  }

  private static Map<String, Object> errors(
      List<Stretch> all, String name, Function<Stretch, double[]> rmse) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("changed", all.get(0).name());
    row.put("model", name);
    for (int i = 0; i < DriftStudy.LEADS.length; i++) {
      int lead = i;
      double[] values = all.stream().mapToDouble(s -> rmse.apply(s)[lead]).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      double deviation = Math.sqrt(square / (values.length - 1));
      row.put(
          "%d d".formatted(DriftStudy.LEADS[i]),
          String.format(Locale.ROOT, "%.3f (%.3f)", mean, deviation));
    }
    return row;
  }

  private static Map<String, Object> decisions(List<Stretch> all) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("changed", all.get(0).name());
    row.put("drifts", mean(all, Stretch::drifts));
    row.put("promoted", mean(all, Stretch::promoted));
    row.put("rejected", mean(all, Stretch::rejected));
    row.put("rolled back", mean(all, Stretch::rolledBack));
    row.put("first drift", days(all, Stretch::noticed));
    row.put("first promotion", days(all, Stretch::answered));
    row.put("half recovered", days(all, Stretch::recovered));
    return row;
  }

  private static String mean(List<Stretch> all, ToIntFunction<Stretch> count) {
    return String.format(Locale.ROOT, "%.1f", all.stream().mapToInt(count).average().orElseThrow());
  }

  private static String days(List<Stretch> all, ToDoubleFunction<Stretch> days) {
    double[] known =
        all.stream().mapToDouble(days).filter(day -> !Double.isNaN(day)).sorted().toArray();
    if (known.length == 0) {
      return "never";
    }
    String text =
        String.format(
            Locale.ROOT,
            "%.0f (%.0f to %.0f)",
            known[(known.length - 1) / 2],
            known[0],
            known[known.length - 1]);
    return known.length == all.size()
        ? text
        : text + ", %d of %d".formatted(known.length, all.size());
  }
}
