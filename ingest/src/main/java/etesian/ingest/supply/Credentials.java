package etesian.ingest.supply;

import etesian.ingest.field.Check;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a data store is and the personal access token for it, as {@code cdsapi} takes them: from
 * {@code CDSAPI_URL} and {@code CDSAPI_KEY}, else from the file that {@code CDSAPI_RC} names, else
 * from {@code .cdsapirc} in the home folder, whose lines are
 *
 * <pre>
 * url: https://cds.climate.copernicus.eu/api
 * key: a-personal-access-token
 * </pre>
 *
 * <p>The key stays in here: {@link #toString} hides it, and {@link #withoutKey} takes it out of
 * texts of others. A {@code verify: 0} of the file is not followed: certificates are always
 * checked.
 *
 * <p>Source: ecmwf/cdsapi, {@code cdsapi/api.py}, {@code get_url_key_verify}.
 */
public final class Credentials {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final URI url;
  private final String key;

  /**
   * @param url of the API, without a slash at its end; https, or http on this machine
   * @param key one word of printable ASCII
   * @throws IllegalArgumentException that does not hold the key
   */
  public Credentials(URI url, String key) {
    Check.that(url.getHost() != null, "'%s' is no address of a data store: no host", url);
    Check.that(
        "https".equals(url.getScheme())
            || "http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost()),
        "%s: a key is sent by https only",
        url);
    Check.that(url.getUserInfo() == null, "the address of a data store holds no user or password");
    Check.that(
        !url.getPath().matches(".*/v\\d+/?"),
        "%s is the API of before 2024; write url: https://%s/api",
        url,
        url.getHost());
    Check.that(
        key.matches("[!-~]+"),
        "the key is not one word of printable ASCII characters; copy it again");
    Check.that(
        !key.contains(":"),
        "the key has the form USER:KEY of before 2024; take the personal access token from"
            + " https://%s/profile",
        url.getHost());
    this.url = URI.create(url.toString().replaceAll("/+$", ""));
    this.key = key;
  }

  /**
   * @param environment of the process
   * @param home folder of the user
   * @throws SupplyException when there is no address or no key, with the places that were looked at
   */
  public static Credentials read(Map<String, String> environment, Path home) throws IOException {
    Path file =
        environment.containsKey("CDSAPI_RC")
            ? Path.of(environment.get("CDSAPI_RC"))
            : home.resolve(".cdsapirc");
    Map<String, String> settings = lines(file);
    String url = environment.getOrDefault("CDSAPI_URL", settings.getOrDefault("url", ""));
    String key = environment.getOrDefault("CDSAPI_KEY", settings.getOrDefault("key", ""));
    if (url.isEmpty() || key.isEmpty()) {
      throw new SupplyException(
          ("no %s of the data store, neither in the environment (CDSAPI_URL, CDSAPI_KEY) nor in %s;"
                  + " its two lines are 'url: https://cds.climate.copernicus.eu/api' and 'key:' with"
                  + " the personal access token that the profile page of the store shows")
              .formatted(url.isEmpty() ? "url" : "key", file));
    }
    try {
      return new Credentials(URI.create(url), key);
    } catch (IllegalArgumentException e) {
      throw new SupplyException("%s or environment: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, String> lines(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Map.of();
    }
    Map<String, String> settings = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.strip().split(":", 2);
      if (parts.length == 2) {
        settings.put(parts[0].strip(), parts[1].strip());
      }
    }
    return settings;
  }

  /** Of the API, without a slash at its end. */
  public URI url() {
    return url;
  }

  String key() {
    return key;
  }

  /** The pages of the store for people. */
  String site() {
    return url.toString().replaceAll("/api$", "");
  }

  /** A text of others, in case it repeats the key. */
  String withoutKey(String text) {
    return text.replace(key, "(key)");
  }

  @Override
  public String toString() {
    return url + " with a key";
  }
}
