package etesian.pipeline.settings;

import java.util.List;

/** A file of settings with one stream, and what is read from others like it. */
final class SeaSettings {
  static final String SST =
      """
      streams:
        - name: sst
          dataset: sst
          variable: sst
          units: degC
          step: P1M
          history: 36
          horizon: 12
          model: smnn
          grid: {rows: 19, columns: 51, north: 60, west: 120, row_step: 2, column_step: 2}
      """;

  private SeaSettings() {}

  /** The stream with further keys. */
  static StreamSettings stream(String keys) {
    return parse(SST + "    " + keys + "\n").streams().get(0);
  }

  /** What is wrong with a file; empty for nothing. */
  static List<String> problems(String yaml) {
    try {
      parse(yaml);
      return List.of();
    } catch (SettingsException e) {
      return e.problems();
    }
  }

  /** In an environment without variables. */
  static PipelineSettings parse(String yaml) {
    return PipelineSettings.parse(yaml, name -> null);
  }
}
