package etesian.ops.run;

import etesian.ops.embedded.StartFailed;
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

/**
 * Makes file systems beyond the local disk known to this process, by the two variables that Flink's
 * own processes go by, so that a machine needs one set-up for both. A folder {@code plugins} that
 * merely lies where a command is given is not taken, as Flink would: its jars would be run.
 */
public final class FileSystems {
  private static final String PLUGINS = "FLINK_PLUGINS_DIR";
  private static final String CONFIGURATION = "FLINK_CONF_DIR";

  private FileSystems() {}

  /**
   * To be called once, before any location is looked at; does nothing where neither variable is
   * set.
   *
   * @param environment {@code FLINK_PLUGINS_DIR}, a folder with a folder of jars for each plugin,
   *     and {@code FLINK_CONF_DIR}, the folder of {@code config.yaml} with the options of the file
   *     systems
   * @throws StartFailed when one of them names what cannot be used
   */
  public static void know(Map<String, String> environment) {
    String plugins = environment.getOrDefault(PLUGINS, "");
    String folder = environment.getOrDefault(CONFIGURATION, "");
    if (plugins.isEmpty() && folder.isEmpty()) {
      return;
    }
    Configuration options = folder.isEmpty() ? new Configuration() : options(folder);
    FileSystem.initialize(
        options,
        new DefaultPluginManager(
            plugins.isEmpty() ? List.of() : plugins(Path.of(plugins)),
            CoreOptions.getPluginParentFirstLoaderPatterns(options)));
  }

  private static Configuration options(String folder) {
    try {
      return GlobalConfiguration.loadConfiguration(folder);
    } catch (IllegalConfigurationException e) {
      throw new StartFailed(CONFIGURATION + "=" + folder + ": " + e.getMessage(), e);
    } catch (RuntimeException e) { // tells the line, which may hold a secret
      throw new StartFailed(
          CONFIGURATION + "=" + folder + ": its config.yaml cannot be read; is it YAML?", e);
    }
  }

  private static List<PluginDescriptor> plugins(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new StartFailed(
          "%s=%s is no folder; it holds a folder for each plugin, with its jars in it"
              .formatted(PLUGINS, folder));
    }
    try {
      return List.copyOf(new DirectoryBasedPluginFinder(folder).findPlugins());
    } catch (IOException e) {
      throw new StartFailed("%s=%s cannot be read: %s".formatted(PLUGINS, folder, e), e);
    }
  }
}
