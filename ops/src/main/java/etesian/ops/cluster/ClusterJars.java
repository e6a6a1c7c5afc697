package etesian.ops.cluster;

import etesian.ops.embedded.StartFailed;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Which jar of this program belongs where in a cluster:
 *
 * <ul>
 *   <li>{@link #distribution}: what a Flink installation brings, and is never shipped
 *   <li>{@link #device}: DJL, libtorch and JNA. A native library can be loaded by one class loader
 *       of a process only, and Flink gives each job its own: these lie in Flink's {@code lib}
 *   <li>{@link #job}: the rest, shipped with the job. What only this process needs, the embedded
 *       broker and the command line, stays here
 * </ul>
 */
public final class ClusterJars {
  private static final List<String> FLINK =
      List.of(
          "flink-",
          "frocksdbjni-", // Flink itself has it inside
          "log4j-",
          "slf4j-",
          "kryo-",
          "minlog-",
          "objenesis-",
          "reflectasm-",
          "async-profiler-",
          "javassist-");

  /** Libraries that Flink's own processes need; a job may use others, so it brings them too. */
  private static final List<String> OF_FLINK_TOO =
      List.of(
          "commons-cli-",
          "commons-collections-",
          "commons-io-",
          "commons-lang3-",
          "commons-math3-",
          "commons-text-",
          "jsr305-",
          "lz4-java-",
          "RoaringBitmap-",
          "snakeyaml-engine-",
          "snappy-java-");

  /** Connectors are not part of Flink, whatever their names. */
  private static final List<String> CONNECTORS =
      List.of("flink-connector-kafka-", "flink-connector-base-");

  private static final List<String> DEVICE =
      List.of("api-", "pytorch-", "jna-", "gson-", "commons-compress-");

  private static final List<String> HERE =
      List.of(
          "kafka_",
          "kafka-",
          "scala-",
          "metrics-core-",
          "prometheus-metrics-",
          "argparse4j-",
          "jose4j-",
          "jopt-simple-",
          "commons-validator-",
          "commons-beanutils-",
          "commons-digester-",
          "picocli-",
          "progressbar-",
          "jline-");

  private static final String KAFKA_CLIENT = "kafka-clients-";

  private final List<Path> all;

  /**
   * @param all every entry of a class path that runs this program, jars or folders of classes
   */
  ClusterJars(List<Path> all) {
    this.all = List.copyOf(all);
  }

  /** Of the class path of this process. */
  public static ClusterJars here() {
    return new ClusterJars(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .map(Path::toAbsolutePath)
            .toList());
  }

  /** Everything that this program runs with. */
  List<Path> all() {
    return all;
  }

  /** What stands for a Flink installation, where there is none. */
  List<Path> distribution() {
    return all.stream().filter(jar -> isFlink(jar) || is(jar, OF_FLINK_TOO)).toList();
  }

  /**
   * What goes into the folder {@code lib} of Flink.
   *
   * @throws StartFailed when this program itself runs without it
   */
  public List<Path> device() {
    List<Path> found = all.stream().filter(jar -> is(jar, DEVICE)).toList();
    if (found.stream().noneMatch(jar -> is(jar, List.of("pytorch-native-")))) {
      throw new StartFailed(
          "no pytorch-native jar on the class path of this process; build with ./mvnw package");
    }
    return found;
  }

  /**
   * What travels with the job.
   *
   * @param folder where folders of classes are packed into jars; there are none in a packaged
   *     program
   */
  public List<Path> job(Path folder) {
    List<Path> jars = new ArrayList<>();
    for (Path entry : all) {
      if (Files.isDirectory(entry)) {
        jars.add(packed(entry, folder.resolve("classes-" + jars.size() + ".jar")));
      } else if (!isFlink(entry) && !is(entry, DEVICE) && !isHere(entry)) {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static boolean isFlink(Path jar) {
    return is(jar, FLINK) && !is(jar, CONNECTORS);
  }

  private static boolean isHere(Path jar) {
    return is(jar, HERE) && !is(jar, List.of(KAFKA_CLIENT));
  }

  private static boolean is(Path jar, List<String> prefixes) {
    String name = jar.getFileName().toString();
    return Files.isRegularFile(jar) && prefixes.stream().anyMatch(name::startsWith);
  }

  private static Path packed(Path classes, Path jar) {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(classes.relativize(path).toString().replace(File.separatorChar, '/')));
        Files.copy(path, out);
        out.closeEntry();
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot pack " + classes + " into " + jar, e);
    }
  }
}
