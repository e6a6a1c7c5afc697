package etesian.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.doctor.Finding.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {

  @Test
  void aFolderThatCannotBeWrittenIsAFailureWithWhatToDo(@TempDir Path folder) {
    Finding finding = MachineChecks.temporaryFolder(folder.resolve("absent"));
    assertThat(finding.state()).isEqualTo(State.FAIL);
    assertThat(finding.remedy()).contains("TMPDIR");
    assertThat(MachineChecks.temporaryFolder(folder).state()).isNotEqualTo(State.FAIL);
  }

  @Test
  void aTakenPortIsAWarningOnly() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Finding finding = MachineChecks.port("Kafka", other.getLocalPort());
      assertThat(finding.state()).isEqualTo(State.WARN);
      assertThat(finding.found()).isEqualTo("taken");
    }
  }
}
