package etesian.pipeline.storage;

import etesian.ingest.field.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginDescriptor;
import org.apache.flink.core.plugin.PluginManager;

/**
 * Makes file systems beyond the local disk known to this process, by the two variables that Flink's
 * own processes go by, so that a machine needs one set-up for both. A folder {@code plugins} that
 * merely lies where a command is given is not taken, as Flink would: its jars would be run.
 */
public final class FileSystems {
  private static final String PLUGINS = "FLINK_PLUGINS_DIR";
  private static final String CONFIGURATION = "FLINK_CONF_DIR";

  /** Why the variables cannot be used; empty when they can. */
  private static volatile String problem = "";

  private FileSystems() {}

  /**
   * To be called once, before any location is looked at; does nothing where neither variable is
   * set. What cannot be used is said when a location asks for it: most commands need neither.
   *
   * @param environment {@code FLINK_PLUGINS_DIR}, a folder with a folder of jars for each plugin,
   *     and {@code FLINK_CONF_DIR}, the folder of {@code config.yaml} with the options of the file
   *     systems
   */
  public static void know(Map<String, String> environment) {
    problem = "";
    try {
      initialize(environment);
    } catch (IllegalArgumentException e) {
      problem = e.getMessage();
    }
  }

  /**
   * @param location in a file system that is Flink's
   * @throws IllegalArgumentException when {@link #know} could not make any known; says why
   */
  static void demandUsable(String location) {
    Check.that(
        problem.isEmpty(),
        "'%s' asks for a file system of Flink's (docs/cluster.md): correct %s",
        location,
        problem);
  }

  private static void initialize(Map<String, String> environment) {
    String plugins = environment.getOrDefault(PLUGINS, "");
    String folder = environment.getOrDefault(CONFIGURATION, "");
    if (plugins.isEmpty() && folder.isEmpty()) {
      return;
    }
    Configuration options = folder.isEmpty() ? new Configuration() : options(folder);
    PluginManager found =
        new DefaultPluginManager(
            plugins.isEmpty() ? List.of() : plugins(Path.of(plugins)),
            CoreOptions.getPluginParentFirstLoaderPatterns(options));
    try {
      FileSystem.initialize(options, found);
    } catch (IllegalConfigurationException e) {
      throw unusable(
          CONFIGURATION, folder, "has a config.yaml that Flink refuses: " + e.getMessage());
    }
  }

  private static Configuration options(String folder) {
    try {
      return GlobalConfiguration.loadConfiguration(folder);
    } catch (IllegalConfigurationException e) {
      throw unusable(
          CONFIGURATION, folder, "names no folder with Flink's config.yaml: " + e.getMessage());
    } catch (RuntimeException e) { // tells the line, which may hold a secret
      throw unusable(CONFIGURATION, folder, "has a config.yaml that cannot be read; is it YAML?");
    }
  }

  private static List<PluginDescriptor> plugins(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw unusable(
          PLUGINS,
          folder,
          "is no folder; expected one that holds a folder for each plugin, with its jars in it");
    }
    try {
      return List.copyOf(new DirectoryBasedPluginFinder(folder).findPlugins());
    } catch (IOException e) {
      throw unusable(PLUGINS, folder, "cannot be read: " + e);
    }
  }

  private static IllegalArgumentException unusable(String variable, Object folder, String why) {
    return new IllegalArgumentException(
        "the environment variable %s=%s, which %s".formatted(variable, folder, why));
  }
}
