package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.Ports;
import etesian.ops.embedded.StartFailed;
import etesian.pipeline.settings.KafkaSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackTest {
  private static final KafkaSettings EMBEDDED =
      new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10));

  @Test
  void whenFlinkDoesNotStartTheBrokerEndsToo() throws Exception {
    int kafka = Ports.free();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Stack.ListenOn ports = new Stack.ListenOn(kafka, other.getLocalPort(), 0);
      assertThatThrownBy(() -> Stack.start(EMBEDDED, ports, 1))
          .isInstanceOf(StartFailed.class)
          .hasMessageContaining("port " + other.getLocalPort());
    }
    assertThat(Ports.isFree(kafka)).isTrue();
  }
}
