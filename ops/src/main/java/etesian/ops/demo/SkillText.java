package etesian.ops.demo;

import java.util.Locale;

/** The scores of a report as a person reads them. */
public final class SkillText {
  private SkillText() {}

  public static String of(Report report) {
    StringBuilder table = new StringBuilder();
    for (Report.Stream stream : report.streams()) {
      table.append(
          String.format(
              "%n%s: %s of %s on %dx%d, step %s, horizon %d;"
                  + " skill = 1 - mse / mse of the reference%n",
              stream.name(),
              stream.model(),
              stream.variable(),
              stream.grid().get(0),
              stream.grid().get(1),
              stream.step(),
              stream.horizon()));
      table.append("  lead      n      rmse      bias    acc  persistence  climatology  damped\n");
      for (Report.Lead lead : stream.scores()) {
        table.append(
            String.format(
                Locale.ROOT,
                "  %4d %6d %9.4f %9.4f %6s %12s %12s %7s%s%n",
                lead.lead(),
                lead.n(),
                lead.rmse(),
                lead.bias(),
                number(lead.acc()),
                number(lead.skillPersistence()),
                number(lead.skillClimatology()),
                number(lead.skillDamped()),
                beaten(lead) ? "  worse than a reference" : ""));
      }
      if (stream.scores().isEmpty()) {
        table.append("  nothing verified: no observation of a forecast's valid time came\n");
      }
    }
    return table.toString();
  }

  private static boolean beaten(Report.Lead lead) {
    return negative(lead.skillPersistence())
        || negative(lead.skillClimatology())
        || negative(lead.skillDamped());
  }

  private static boolean negative(Double skill) {
    return skill != null && skill < 0;
  }

  private static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
