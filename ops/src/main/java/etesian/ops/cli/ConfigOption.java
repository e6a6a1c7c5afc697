package etesian.ops.cli;

import etesian.pipeline.settings.PipelineSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The file of settings of a command that cannot do without. */
final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "The settings; docs/settings.md lists the keys.")
  Path file;

  /**
   * @throws etesian.pipeline.settings.SettingsException with everything that is wrong
   */
  PipelineSettings read() {
    return PipelineSettings.read(file);
  }

  /** The file, for messages. */
  @Override
  public String toString() {
    return file.toString();
  }
}
