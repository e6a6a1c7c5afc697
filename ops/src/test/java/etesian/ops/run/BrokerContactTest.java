package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.Ports;
import etesian.ops.embedded.StartFailed;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BrokerContactTest {

  @Test
  void nobodyThereIsSaidSoonWithWhatToCheck() {
    assertSaysWhatToCheck(Ports.free());
  }

  @Test
  void aListenerThatKeepsSilentIsSaidSoonToo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertSaysWhatToCheck(silent.getLocalPort());
    }
  }

  private static void assertSaysWhatToCheck(int port) {
    assertThatThrownBy(() -> BrokerContact.demand(at("127.0.0.1:" + port), Duration.ofSeconds(1)))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("127.0.0.1:" + port + ": no answer within 1 s")
        .hasMessageContaining("address")
        .hasMessageContaining("security settings")
        .hasMessageContaining("firewall");
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    assertThatThrownBy(() -> BrokerContact.demand(at("nowhere"), Duration.ofSeconds(1)))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("nowhere");
  }

  private static Properties at(String brokers) {
    Properties client = new Properties();
    client.put("bootstrap.servers", brokers);
    return client;
  }
}
