package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.ops.models.Throne;
import etesian.pipeline.champion.Champion;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of one of our topics for people and for programs.
 *
 * @param line for people
 * @param json for programs: where the record lies, its key, headers and value
 * @param suffix of a file that holds the value
 */
record RecordView(String line, Map<String, Object> json, String suffix) {
  private static final double MOST_WHOLE = 1e9;

  /** What to show of a record, by its topic. */
  static RecordView of(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      String what =
          DataReference.of(record.headers())
              .map(reference -> "a file at " + reference.uri())
              .orElse("removed");
      return view(record, null, what, "");
    }
    if (record.topic().equals(Topics.DEAD_LETTERS)) {
      return deadLetter(record);
    }
    try {
      if (record.topic().equals(Topics.FORECASTS)) {
        return forecast(record);
      }
      if (record.topic().startsWith(Topics.granules(""))) {
        return granule(record);
      }
    } catch (Refusal e) {
      return view(record, e.getMessage(), "cannot be read: " + e.getMessage(), "bin");
    }
    return text(record);
  }

  private static RecordView forecast(ConsumerRecord<byte[], byte[]> record) throws Refusal {
    Forecast forecast = ForecastNetcdf.read(record.value());
    String units = forecast.variable().units();
    List<Lead> leads = forecast.steps().stream().map(step -> lead(step, forecast.grid())).toList();
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("stream", forecast.stream());
    value.put("variable", forecast.variable().name());
    value.put("units", units);
    value.put("grid", List.of(forecast.grid().rows(), forecast.grid().columns()));
    value.put("issue_time", forecast.issueTime());
    value.put("revision", forecast.revision());
    value.put("model", forecast.model());
    value.put("weights_sha256", forecast.weightsSha256());
    value.put("steps", leads);
    Forecast.Step first = forecast.steps().get(0);
    Forecast.Step last = forecast.steps().get(forecast.steps().size() - 1);
    String span =
        first.lead() == last.lead()
            ? "lead %d for %s, mean %.2f %s"
                .formatted(first.lead(), minute(first.validAt()), leads.get(0).mean(), units)
            : "leads %d to %d for %s to %s, mean %.2f to %.2f %s"
                .formatted(
                    first.lead(),
                    last.lead(),
                    minute(first.validAt()),
                    minute(last.validAt()),
                    leads.get(0).mean(),
                    leads.get(leads.size() - 1).mean(),
                    units);
    String line =
        "%s  %s  issued %s%s  %s  %s %.8s"
            .formatted(
                forecast.stream(),
                forecast.variable().name(),
                minute(forecast.issueTime()),
                forecast.revision() == 0 ? "" : " (revision " + forecast.revision() + ")",
                span,
                forecast.model(),
                forecast.weightsSha256());
    return view(record, value, line, "nc");
  }

  /** What {@code --json} says of a step. */
  private record Lead(int lead, @JsonProperty("valid_time") Instant validTime, double mean) {}

  private static Lead lead(Forecast.Step step, Grid grid) {
    return new Lead(step.lead(), step.validAt(), mean(FloatBuffer.wrap(step.values()), grid));
  }

  private static RecordView granule(ConsumerRecord<byte[], byte[]> record) throws Refusal {
    String location = record.topic() + "/" + record.partition() + "@" + record.offset();
    List<Field> fields =
        new GranuleReader().read(record.value(), location, new Origin("", location)).fields();
    Map<String, List<Field>> byVariable =
        fields.stream().collect(Collectors.groupingBy(f -> f.frame().variable().name()));
    Map<String, Object> value = new TreeMap<>();
    StringBuilder line = new StringBuilder();
    byVariable.forEach(
        (name, series) -> {
          Field first = series.get(0);
          Instant from = first.frame().validAt();
          Instant to = series.get(series.size() - 1).frame().validAt();
          Grid grid = first.frame().grid();
          double mean = mean(first.values(), grid);
          Map<String, Object> summary = new LinkedHashMap<>();
          summary.put("units", first.frame().variable().units());
          summary.put("grid", List.of(grid.rows(), grid.columns()));
          summary.put("times", series.size());
          summary.put("first", from);
          summary.put("last", to);
          summary.put("mean_of_first", mean);
          value.put(name, summary);
          line.append(line.isEmpty() ? "" : "; ")
              .append(
                  "%s %dx%d, %d times %s to %s, first mean %.2f %s"
                      .formatted(
                          name,
                          grid.rows(),
                          grid.columns(),
                          series.size(),
                          minute(from),
                          minute(to),
                          mean,
                          first.frame().variable().units()));
        });
    return view(record, value, line.toString(), "nc");
  }

  private static RecordView deadLetter(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = headers(record);
    String line = "%s  %d bytes  %s".formatted(key(record), record.value().length, join(headers));
    return view(record, null, line, "bin");
  }

  /** JSON on one line; anything else as its length. */
  private static RecordView text(ConsumerRecord<byte[], byte[]> record) {
    try {
      Object value = Json.parse(record.value());
      String line =
          value instanceof Map<?, ?> map ? join(map) : new String(record.value(), UTF_8).strip();
      return view(record, value, key(record) + "  " + line, "json");
    } catch (IOException notJson) {
      return view(record, null, key(record) + "  " + record.value().length + " bytes", "bin");
    }
  }

  private static String join(Map<?, ?> map) {
    return join(map, "  ");
  }

  private static String join(Map<?, ?> map, String between) {
    return map.entrySet().stream()
        .map(e -> e.getKey() + "=" + readable(e.getKey().toString(), e.getValue()))
        .collect(Collectors.joining(between));
  }

  private static String readable(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return "{" + join(map, ", ") + "}";
    } else if (value instanceof List<?> list) {
      return list.stream()
          .map(each -> readable(name, each))
          .collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Double number) {
      return number(number);
    }
    String text = String.valueOf(value);
    if (name.equals("effective_from") && text.equals(Champion.ALWAYS.toString())) {
      return Throne.text(Champion.ALWAYS);
    } else if (text.matches("[0-9a-f]{64}")) {
      return text.substring(0, 8);
    }
    return text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$", "$1Z");
  }

  /** Whole numbers as such, others with four digits. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < MOST_WHOLE
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private static RecordView view(
      ConsumerRecord<byte[], byte[]> record, Object value, String line, String suffix) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("topic", record.topic());
    json.put("partition", record.partition());
    json.put("offset", record.offset());
    json.put("timestamp", Instant.ofEpochMilli(record.timestamp()));
    json.put("key", key(record));
    json.put("headers", headers(record));
    json.put("bytes", record.value() == null ? 0 : record.value().length);
    json.put("value", value);
    return new RecordView(line, json, suffix);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "-" : new String(record.key(), UTF_8);
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.value() == null ? null : new String(header.value(), UTF_8));
    }
    return headers;
  }

  private static String minute(Instant at) {
    return at.toString().replaceFirst(":\\d\\d(\\.\\d+)?Z$", "Z");
  }

  /** Area-weighted mean of the cells that are not missing; NaN when all are. */
  private static double mean(FloatBuffer values, Grid grid) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < grid.rows(); row++) {
      double weight = grid.weight(row);
      for (int column = 0; column < grid.columns(); column++) {
        float value = values.get(row * grid.columns() + column);
        if (!Float.isNaN(value)) {
          sum += weight * value;
          weights += weight;
        }
      }
    }
    return sum / weights;
  }
}
