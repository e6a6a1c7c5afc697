package etesian.ops.run;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Granule;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** NetCDF files on disk, read whole: what training and the demo on real data start from. */
public final class DataFiles {
  /**
   * One file.
   *
   * @param name its last name
   * @param bytes as they are
   * @param fields in it; none when it was refused
   */
  public record DataFile(String name, byte[] bytes, List<Field> fields) {}

  private final List<DataFile> files = new ArrayList<>();

  /**
   * @param paths files, or folders that are searched for {@code *.nc}
   * @param notices gets a line for each file that is refused or read in an unexpected way
   */
  public DataFiles(List<Path> paths, Consumer<String> notices) {
    GranuleReader reader = new GranuleReader();
    for (Path path : paths) {
      for (Path file : below(path)) {
        files.add(read(reader, file, notices));
      }
    }
  }

  public List<DataFile> files() {
    return files;
  }

  /** The fields of all files. */
  public List<Field> fields() {
    return files.stream().flatMap(file -> file.fields().stream()).toList();
  }

  private static DataFile read(GranuleReader reader, Path file, Consumer<String> notices) {
    String name = file.getFileName().toString();
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    try {
      Granule granule = reader.read(bytes, name, new Origin(Sha256.hex(bytes), name));
      granule.notes().forEach(note -> notices.accept(name + ": " + note));
      return new DataFile(name, bytes, granule.fields());
    } catch (Refusal refusal) {
      notices.accept("refused: " + refusal.getMessage());
      return new DataFile(name, bytes, List.of());
    }
  }

  private static List<Path> below(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(file -> file.toString().endsWith(".nc")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
