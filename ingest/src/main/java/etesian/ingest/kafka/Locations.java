package etesian.ingest.kafka;

import etesian.ingest.field.Check;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a job finds the files of this machine: under the same path ({@code file:}), unless folders
 * are mapped to what the job sees, for instance {@code /data/era5} to {@code
 * https://files.example/era5/}.
 */
public final class Locations {
  private final Map<Path, URI> mapped = new LinkedHashMap<>();

  /** Every file under its own path. */
  public static Locations asHere() {
    return new Locations(Map.of());
  }

  /**
   * @param mapped URIs of folders; when there are any, all files must lie in one of them
   */
  public Locations(Map<Path, URI> mapped) {
    mapped.forEach(
        (folder, uri) -> {
          Check.that(
              uri.isAbsolute() && uri.getRawQuery() == null && uri.getRawFragment() == null,
              "'%s' is not the URI of a folder; expected for instance file:///data/era5/ or"
                  + " https://files.example/era5/",
              uri);
          String text = uri.toString();
          this.mapped.put(
              folder.toAbsolutePath().normalize(),
              URI.create(text.endsWith("/") ? text : text + "/"));
        });
  }

  /** Of texts {@code FOLDER=URI}. */
  public static Locations parse(Iterable<String> mappings) {
    Map<Path, URI> mapped = new LinkedHashMap<>();
    for (String mapping : mappings) {
      int equals = mapping.indexOf('=');
      Check.that(
          equals > 0,
          "'%s' does not map a folder; expected FOLDER=URI, for instance"
              + " /data/era5=https://files.example/era5/",
          mapping);
      mapped.put(Path.of(mapping.substring(0, equals)), URI.create(mapping.substring(equals + 1)));
    }
    return new Locations(mapped);
  }

  /**
   * @throws IllegalArgumentException when the file lies in none of the mapped folders
   */
  URI of(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    if (mapped.isEmpty()) {
      return absolute.toUri();
    }
    Optional<Path> folder =
        mapped.keySet().stream()
            .filter(absolute::startsWith)
            .max(Comparator.comparingInt(Path::getNameCount));
    Check.that(
        folder.isPresent(),
        "%s lies in none of the mapped folders %s; map its folder too",
        file,
        mapped.keySet());
    // Encoded by the URI of the file, whatever characters its name has.
    String root = folder.get().toUri().getRawPath();
    String relative = absolute.toUri().getRawPath().substring(root.length());
    return URI.create(
        mapped.get(folder.get()) + (relative.startsWith("/") ? relative.substring(1) : relative));
  }
}
