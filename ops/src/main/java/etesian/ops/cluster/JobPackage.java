package etesian.ops.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;

/**
 * What {@code flink run} takes: a job jar, and the jars for Flink's {@code lib}.
 *
 * <p>The job jar holds the jars of the job as they are, in a folder {@code lib} of its own: Flink
 * unpacks such jars and puts them before its own class path. Nothing is merged, so no service file,
 * licence or version of a package is lost.
 */
public final class JobPackage {
  private JobPackage() {}

  /**
   * @param jarName file name of the job jar
   * @param mainClass what {@code flink run} starts
   * @param folder made if it is not there; gets {@code jarName} and {@code lib}
   * @return the job jar
   */
  public static Path write(ClusterJars jars, String jarName, String mainClass, Path folder)
      throws IOException {
    Path lib = Files.createDirectories(folder.resolve("lib"));
    for (Path jar : jars.device()) {
      Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    Path classes = Files.createTempDirectory(folder, "classes-");
    try {
      Path file = folder.resolve(jarName);
      pack(jars.job(classes), mainClass, file);
      return file;
    } finally {
      try (var left = Files.list(classes)) {
        for (Path jar : left.toList()) {
          Files.delete(jar);
        }
      }
      Files.delete(classes);
    }
  }

  private static void pack(List<Path> jars, String mainClass, Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
    try (OutputStream bytes = Files.newOutputStream(file);
        JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      for (Path jar : jars) {
        stored(out, "lib/" + jar.getFileName(), Files.readAllBytes(jar));
      }
    }
  }

  /** They are compressed already. */
  private static void stored(JarOutputStream out, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    JarEntry entry = new JarEntry(name);
    entry.setMethod(JarEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
