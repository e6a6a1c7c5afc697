package etesian.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemsTest {
  @TempDir private Path folder;

  @AfterEach
  void forget() {
    FileSystems.know(Map.of());
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
    assertThat(FileSystem.get(Folder.parse("objects://bucket/weights").uri()).isDistributedFS())
        .isTrue();
  }

  @Test
  void whatCannotBeUsedIsSaidOfLocationsThatAskForItWithTheVariableAndNoSecret() throws Exception {
    String none = folder.resolve("none").toString();
    FileSystems.know(Map.of("FLINK_PLUGINS_DIR", none));
    refused().hasMessageContaining("FLINK_PLUGINS_DIR=" + none + ", which is no folder; expected");
    FileSystems.know(Map.of("FLINK_CONF_DIR", none));
    refused().hasMessageContainingAll("FLINK_CONF_DIR=" + none, "not describe an existing");
    FileSystems.know(Map.of("FLINK_CONF_DIR", folder.toString()));
    refused().hasMessageContainingAll("FLINK_CONF_DIR=" + folder, "config.yaml", "does not exist");
    Files.writeString(folder.resolve("config.yaml"), "s3.secret-key: hush: hush\n");
    FileSystems.know(Map.of("FLINK_CONF_DIR", folder.toString()));
    refused().hasMessageContaining("FLINK_CONF_DIR=" + folder).hasMessageNotContaining("hush");
    Files.writeString(folder.resolve("config.yaml"), "fs:\n  default-scheme: '::'\n");
    FileSystems.know(Map.of("FLINK_CONF_DIR", folder.toString()));
    refused().hasMessageContainingAll("FLINK_CONF_DIR=" + folder, "fs.default-scheme");
  }

  private static AbstractThrowableAssert<?, ?> refused() {
    return assertThatThrownBy(() -> Folder.parse("objects://bucket/weights"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'objects://bucket/weights'");
  }

  @Test
  void foldersOfTheDiskDoNotAskForThem() throws Exception {
    FileSystems.know(Map.of("FLINK_PLUGINS_DIR", folder.resolve("none").toString()));
    Folder.parse(folder.toString()).demandWritable();
    Folder.parse(folder.toUri().toString()).demandWritable();
    FileSystems.know(Map.of());
    Folder.parse("objects://bucket/weights").demandWritable();
  }
}
