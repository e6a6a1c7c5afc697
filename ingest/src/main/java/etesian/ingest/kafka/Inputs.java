package etesian.ingest.kafka;

import etesian.ingest.field.Check;
import etesian.ingest.supply.FolderWatch;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that somebody names: a file, a folder (its {@code *.nc} at any depth) or a pattern that
 * the shell has not expanded. In a pattern {@code *} and <code>?</code> stay within a folder,
 * {@code **} does not, {@code [a-c]} and <code>{a,b}</code> choose. A file whose own name looks
 * like a pattern is taken as the file.
 */
public final class Inputs {
  private static final Pattern PATTERN = Pattern.compile("[*?\\[{]");
  private static final String SUFFIX = ".nc";

  private final List<String> names;

  private Inputs(List<String> names) {
    Check.that(!names.isEmpty(), "there is nothing to send; name files, folders or patterns");
    this.names = List.copyOf(names);
  }

  public static Inputs of(List<String> names) {
    return new Inputs(names);
  }

  public static Inputs of(Collection<Path> paths) {
    return new Inputs(paths.stream().map(Path::toString).toList());
  }

  /**
   * In the given order, those of a folder or pattern by name.
   *
   * @throws NoSuchFileException when a path does not exist or a pattern fits nothing
   */
  public List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.addAll(expand(name, true));
    }
    return files;
  }

  /**
   * @throws NoSuchFileException when there is a path that does not exist; a pattern that fits
   *     nothing yet is well
   */
  void checkWatchable() throws NoSuchFileException {
    for (String name : names) {
      if (!PATTERN.matcher(name).find() && !isThere(name)) {
        throw missing(name);
      }
    }
  }

  /** As {@link #files}, but what does not exist yet may come. */
  List<Path> present() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.addAll(expand(name, false));
    }
    return files;
  }

  private static List<Path> expand(String name, boolean demand) throws IOException {
    Matcher special = PATTERN.matcher(name);
    boolean isPattern = special.find() && !isThere(name);
    List<Path> files =
        isPattern
            ? matching(name, special.start())
            : Files.exists(Path.of(name)) ? all(name) : null;
    if (demand && files == null) {
      throw missing(name);
    }
    if (demand && isPattern && files.isEmpty()) {
      throw new NoSuchFileException(name, null, "no file fits this pattern");
    }
    return files == null ? List.of() : files;
  }

  private static NoSuchFileException missing(String name) {
    return new NoSuchFileException(
        name, null, "no such file or folder; expected NetCDF files, a folder or a pattern");
  }

  private static boolean isThere(String name) {
    try {
      return Files.exists(Path.of(name));
    } catch (InvalidPathException e) {
      return false; // Windows has no stars in names
    }
  }

  private static List<Path> all(String name) throws IOException {
    Path path = Path.of(name);
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    return walk(path, file -> file.toString().endsWith(SUFFIX));
  }

  /** Walks from the last folder that the pattern spells out; folders that fit are taken whole. */
  private static List<Path> matching(String pattern, int firstSpecial) throws IOException {
    String spelled = pattern.substring(0, firstSpecial);
    int slash = spelled.lastIndexOf('/');
    String base = slash < 0 ? "" : spelled.substring(0, slash + 1);
    Path start = Path.of(base.isEmpty() ? "." : base);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    int depth =
        pattern.contains("**")
            ? Integer.MAX_VALUE
            : (int) pattern.substring(base.length()).chars().filter(c -> c == '/').count() + 1;
    List<Path> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(start, depth)) {
      for (Path path : tree.sorted().toList()) {
        Path asWritten = base.isEmpty() ? start.relativize(path) : path;
        if (!matcher.matches(asWritten)) {
          continue;
        }
        if (Files.isDirectory(path)) {
          files.addAll(all(asWritten.toString()));
        } else if (!FolderWatch.isTemporary(path)) {
          files.add(asWritten);
        }
      }
    }
    return files.stream().distinct().toList();
  }

  private static List<Path> walk(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(
              file ->
                  wanted.test(file) && Files.isRegularFile(file) && !FolderWatch.isTemporary(file))
          .sorted(Comparator.comparing((Path file) -> folder.relativize(file).toString()))
          .toList();
    }
  }
}
