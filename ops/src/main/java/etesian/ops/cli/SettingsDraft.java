package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ops.demo.FileSeries;
import etesian.pipeline.settings.StreamSettings;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An {@code etesian.yaml} to begin with: a stream for each regular series in some files, as the
 * demo would run them on its own broker.
 */
final class SettingsDraft {
  private SettingsDraft() {}

  /**
   * @param say told of each series that makes no stream
   * @throws IllegalArgumentException when no series does
   */
  static String of(List<Field> fields, Consumer<String> say) {
    List<StreamSettings> streams = new ArrayList<>();
    for (StreamSettings stream :
        FileSeries.streams(
                fields,
                line -> say.accept(line.replace(": published, but no stream", ": no stream")))
            .keySet()) {
      if (stream.units().isEmpty()) {
        say.accept(stream.variable() + " has no units: no stream");
      } else {
        streams.add(stream);
      }
    }
    if (streams.isEmpty()) {
      throw new IllegalArgumentException(
          "no regular series long enough for a stream; 'etesian inspect' without --settings shows"
              + " what is in the files");
    }
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Made by 'etesian inspect --settings'; docs/settings.md explains every key.\n")
        .append("job: mine\n")
        .append("weights: weights\n")
        .append("state: state\n")
        .append("kafka: {brokers: embedded}  # or host:port of yours\n")
        .append("streams:\n");
    streams.forEach(stream -> append(yaml, stream));
    return yaml.toString();
  }

  private static void append(StringBuilder yaml, StreamSettings stream) {
    yaml.append("  - name: ").append(quoted(stream.name())).append('\n');
    line(yaml, "dataset", stream.dataset(), "as 'etesian publish --dataset' names it");
    line(yaml, "variable", quoted(stream.variable()), "");
    line(yaml, "units", quoted(stream.units()), "");
    if (stream.grid().hasEvenRows()) {
      line(yaml, "grid", grid(stream.grid()), "");
    } else {
      yaml.append("    # no grid: its rows are uneven, so it is that of the data\n");
    }
    line(yaml, "step", stream.step().toString(), "");
    line(yaml, "anchor", time(stream.anchor()), "the first time: steps are counted from it");
    line(yaml, "history", Integer.toString(stream.history()), "fields that a forecast starts from");
    line(yaml, "horizon", Integer.toString(stream.horizon()), "steps that it goes ahead");
    line(yaml, "issue_from", time(stream.issueFrom()), "what is before it trains first weights");
    line(yaml, "model", stream.model(), "");
  }

  private static void line(StringBuilder yaml, String key, String value, String why) {
    yaml.append("    ").append(key).append(": ").append(value);
    yaml.append(why.isEmpty() ? "" : "  # " + why).append('\n');
  }

  private static String grid(Grid grid) {
    return "{rows: %d, columns: %d, north: %s, west: %s, row_step: %s, column_step: %s}"
        .formatted(
            grid.rows(),
            grid.columns(),
            number(grid.northDegrees()),
            number(grid.westDegrees()),
            number(grid.rowStepDegrees()),
            number(grid.columnStepDegrees()));
  }

  private static String number(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  private static String time(Instant time) {
    String text = time.toString();
    return text.endsWith("T00:00:00Z") ? text.substring(0, text.indexOf('T')) : text;
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9_ */.-]*") ? text : "'" + text.replace("'", "''") + "'";
  }
}
