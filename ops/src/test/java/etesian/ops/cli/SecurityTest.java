package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.kafka.Topics;
import etesian.ops.embedded.SecuredKafka;
import etesian.ops.embedded.StartFailed;
import etesian.ops.run.BrokerContact;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that wants TLS, a name and a password. */
class SecurityTest {
  private static final String PASSWORD = "trade-wind-17";

  @TempDir private static Path folder;
  private static SecuredKafka kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = SecuredKafka.start(folder, PASSWORD);
    try (Admin admin = Admin.create(kafka.client(PASSWORD, "broker"))) {
      Topics.create(admin, List.of("era5", "sst"));
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static Run run(Path client, String... command) {
    String[] all = new String[command.length + 4];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = "--brokers";
    all[command.length + 1] = kafka.bootstrap();
    all[command.length + 2] = "--client";
    all[command.length + 3] = client.toString();
    return Run.of(all);
  }

  @Test
  void filesAreSentAndReadByTlsAndPassword() throws Exception {
    Path client = kafka.clientFile(PASSWORD, "broker");
    Path world = folder.resolve("world");
    Run.of("sample", world.toString(), "--days", "1", "--dataset", "era5");

    assertThat(run(client, "publish", world.toString()).out()).contains("1 files published");

    Run consume = run(client, "consume", "etesian.granules.era5", "--from-beginning", "--max", "1");
    assertThat(consume.out()).contains("t2m 32x64, 4 times");
    assertThat(run(client, "doctor").out()).contains("etesian.granules.era5");
  }

  @Test
  void aWrongPasswordIsSaidToBeWrongAndNotRepeated() {
    assertThatThrownBy(() -> BrokerContact.demand(kafka.client("not-" + PASSWORD, "broker")))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("Authentication failed")
        .hasMessageContaining("kafka.properties")
        .hasMessageNotContaining(PASSWORD);
  }

  @Test
  void aBrokerWhoseCertificateIsNotTrustedIsNotSpokenTo() {
    assertThatThrownBy(() -> BrokerContact.demand(kafka.client(PASSWORD, "stranger")))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("SSL handshake failed")
        .hasMessageContaining("security settings");
  }

  @Test
  void aClientWithoutTlsIsToldWhatToCheck() {
    Run consume = Run.of("consume", Topics.SCORES, "--brokers", kafka.bootstrap(), "--max", "1");

    assertThat(consume.exitCode()).isEqualTo(1);
    assertThat(consume.err()).contains("no answer from the brokers at " + kafka.bootstrap());
  }
}
