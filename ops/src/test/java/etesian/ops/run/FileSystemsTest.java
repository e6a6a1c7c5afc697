package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.StartFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemsTest {
  @TempDir private Path folder;

  @AfterEach
  void forget() {
    FileSystem.initialize(new Configuration(), null);
  }

  @Test
  void optionsAreReadFromTheConfigurationOfFlink() throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "fs:\n  default-scheme: elsewhere:///\n");
    FileSystems.know(Map.of());
    assertThat(FileSystem.getDefaultFsUri().getScheme()).isEqualTo("file");
    FileSystems.know(Map.of("FLINK_CONF_DIR", folder.toString()));
    assertThat(FileSystem.getDefaultFsUri().getScheme()).isEqualTo("elsewhere");
  }

  @Test
  void aJarThatIsNoPluginDoesNoHarm() throws Exception {
    Path plugin = Files.createDirectories(folder.resolve("s3"));
    Files.write(plugin.resolve("x.jar"), new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0});
    FileSystems.know(Map.of("FLINK_PLUGINS_DIR", folder.toString()));
    assertThat(FileSystem.get(Elsewhere.of(folder).uri()).isDistributedFS()).isTrue();
  }

  @Test
  void whatCannotBeUsedIsSaidWithTheVariableAndNoSecret() throws Exception {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> FileSystems.know(Map.of("FLINK_PLUGINS_DIR", none.toString())))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("FLINK_PLUGINS_DIR=" + none + " is no folder");
    assertThatThrownBy(() -> FileSystems.know(Map.of("FLINK_CONF_DIR", none.toString())))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("FLINK_CONF_DIR=" + none);
    Files.writeString(folder.resolve("config.yaml"), "s3.secret-key: hush: hush\n");
    assertThatThrownBy(() -> FileSystems.know(Map.of("FLINK_CONF_DIR", folder.toString())))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("FLINK_CONF_DIR=" + folder)
        .hasMessageNotContaining("hush");
  }
}
