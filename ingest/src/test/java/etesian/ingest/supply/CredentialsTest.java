package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
  private static final String STORE = "https://cds.climate.copernicus.eu/api";

  @TempDir private Path home;

  @Test
  void theUsualFileIsRead() throws Exception {
    write(home.resolve(".cdsapirc"), "url: " + STORE + "/\nkey:  a-token \nverify: 0\n");
    Credentials credentials = Credentials.read(Map.of(), home);
    assertThat(credentials.url()).hasToString(STORE);
    assertThat(credentials.key()).isEqualTo("a-token");
    assertThat(credentials.site()).isEqualTo("https://cds.climate.copernicus.eu");
  }

  @Test
  void theEnvironmentComesFirstOrNamesAnotherFile() throws Exception {
    write(home.resolve(".cdsapirc"), "url: " + STORE + "\nkey: home-token\n");
    Path other = home.resolve("ads");
    write(other, "url: https://ads.atmosphere.copernicus.eu/api\nkey: other-token\n");

    assertThat(Credentials.read(Map.of("CDSAPI_KEY", "env-token"), home))
        .matches(both -> both.key().equals("env-token") && both.url().toString().equals(STORE));
    assertThat(Credentials.read(Map.of("CDSAPI_RC", other.toString()), home).key())
        .isEqualTo("other-token");
  }

  @Test
  void whatIsMissingIsSaidWithThePlaceThatWasLookedAt() {
    assertThatThrownBy(() -> Credentials.read(Map.of(), home))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("no url")
        .hasMessageContaining(".cdsapirc");
    assertThatThrownBy(() -> Credentials.read(Map.of("CDSAPI_URL", STORE), home))
        .hasMessageContaining("no key");
  }

  @ParameterizedTest
  @CsvSource({
    "https://cds.climate.copernicus.eu/api/v2, secret, before 2024",
    "https://cds.climate.copernicus.eu/api, 1234:secret, USER:KEY",
    "http://cds.climate.copernicus.eu/api, secret, https only",
    "cds.climate.copernicus.eu/api, secret, no host",
    "https://cds.climate.copernicus.eu/api, 'secret two', one word",
    "https://user:secret@cds.climate.copernicus.eu/api, secret, no user",
  })
  void whatCannotWorkIsRefusedWithoutTheKey(String url, String key, String reason) {
    Map<String, String> environment = Map.of("CDSAPI_URL", url, "CDSAPI_KEY", key);
    assertThatThrownBy(() -> Credentials.read(environment, home))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("secret"));
  }

  @Test
  void theyDoNotShowTheKey() {
    Credentials credentials = new Credentials(URI.create(STORE), "secret");
    assertThat(credentials.toString()).contains(STORE).doesNotContain("secret");
    assertThat(credentials.withoutKey("token secret is bad")).isEqualTo("token (key) is bad");
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
