package etesian.ops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortsTest {
  private final List<String> notices = new ArrayList<>();
  private ServerSocket other;
  private int taken;

  @BeforeEach
  void somebodyListens() throws IOException {
    other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    taken = other.getLocalPort();
  }

  @AfterEach
  void nobodyListens() throws IOException {
    other.close();
  }

  private int choose(OptionalInt asked, int usual) {
    return Ports.choose(asked, usual, "Kafka", "--kafka-port", notices::add);
  }

  @Test
  void theUsualPortIsPreferred() {
    int usual = Ports.free();
    assertThat(choose(OptionalInt.empty(), usual)).isEqualTo(usual);
    assertThat(notices).isEmpty();
  }

  @Test
  void aTakenUsualPortGivesAFreeOneWithANotice() {
    int port = choose(OptionalInt.empty(), taken);
    assertThat(Ports.isFree(port)).isTrue();
    assertThat(notices)
        .containsExactly(
            "Kafka: port %d is taken, using %d (--kafka-port chooses)".formatted(taken, port));
  }

  @Test
  void aTakenPortThatWasAskedForIsAnError() {
    assertThatThrownBy(() -> choose(OptionalInt.of(taken), 9092))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("--kafka-port");
  }

  @Test
  void aNumberThatIsNoPortIsSaidWithItsOption() {
    assertThatThrownBy(() -> choose(OptionalInt.of(222222), 9092))
        .isInstanceOf(StartFailed.class)
        .hasMessage("--kafka-port 222222: a port is between 0 (any free one) and 65535");
  }

  @Test
  void zeroAsksForAnyFreePort() {
    assertThat(choose(OptionalInt.of(0), taken)).isNotEqualTo(taken);
    assertThat(notices).isEmpty();
  }

  @Test
  void twoFreePortsDiffer() {
    assertThat(Ports.free()).isNotEqualTo(Ports.free());
  }
}
