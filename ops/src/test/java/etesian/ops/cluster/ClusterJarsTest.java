package etesian.ops.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterJarsTest {
  @TempDir private Path folder;

  @Test
  void nativeLibrariesAndWhatLoadsThemStayOutOfTheJob() throws IOException {
    ClusterJars jars = jars("ops-0.1.0.jar", "api-0.35.1.jar", "pytorch-native-cpu-2.7.1.jar");
    assertThat(names(jars.device()))
        .containsExactly("api-0.35.1.jar", "pytorch-native-cpu-2.7.1.jar");
    assertThat(names(jars.job(folder))).containsExactly("ops-0.1.0.jar");
  }

  @Test
  void flinkIsNotShippedButItsConnectorsAre() throws IOException {
    ClusterJars jars =
        jars(
            "flink-core-2.3.0.jar",
            "flink-connector-kafka-5.0.0-2.2.jar",
            "frocksdbjni-8.10.0.jar",
            "log4j-api-2.25.2.jar");
    assertThat(names(jars.job(folder))).containsExactly("flink-connector-kafka-5.0.0-2.2.jar");
    assertThat(names(jars.distribution()))
        .containsExactly("flink-core-2.3.0.jar", "frocksdbjni-8.10.0.jar", "log4j-api-2.25.2.jar");
  }

  @Test
  void theBrokerStaysHereButItsClientTravels() throws IOException {
    ClusterJars jars =
        jars("kafka-clients-4.2.1.jar", "kafka_2.13-4.2.1.jar", "kafka-server-4.2.1.jar");
    assertThat(names(jars.job(folder))).containsExactly("kafka-clients-4.2.1.jar");
  }

  @Test
  void whatNobodyKnowsTravels() throws IOException {
    assertThat(names(jars("new-1.0.jar").job(folder))).containsExactly("new-1.0.jar");
  }

  @Test
  void foldersOfClassesArePackedFirst() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes/some"));
    Files.writeString(classes.resolve("Thing.class"), "bytes");
    List<Path> job = new ClusterJars(List.of(folder.resolve("classes"))).job(folder);
    try (JarFile jar = new JarFile(job.get(0).toFile())) {
      assertThat(jar.stream().map(Object::toString)).containsExactly("some/Thing.class");
    }
  }

  @Test
  void aProgramWithoutLibtorchSaysHowToGetIt() throws IOException {
    ClusterJars jars = jars("ops-0.1.0.jar");
    assertThatThrownBy(jars::device)
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("./mvnw package");
  }

  @Test
  void thePackageHoldsTheJarsOfTheJobAsTheyAre() throws IOException {
    ClusterJars jars = jars("ops-0.1.0.jar", "jna-5.jar", "pytorch-native-cpu-2.7.1.jar");
    Path out = folder.resolve("out");
    Path file = JobPackage.write(jars, "job.jar", "some.Main", out);
    try (JarFile jar = new JarFile(file.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("some.Main");
      assertThat(jar.getInputStream(jar.getEntry("lib/ops-0.1.0.jar")).readAllBytes())
          .isEqualTo(Files.readAllBytes(folder.resolve("ops-0.1.0.jar")));
    }
    try (Stream<Path> all = Files.walk(out)) {
      assertThat(all.filter(Files::isRegularFile).map(path -> out.relativize(path).toString()))
          .containsExactlyInAnyOrder(
              "job.jar", "lib/jna-5.jar", "lib/pytorch-native-cpu-2.7.1.jar");
    }
  }

  private ClusterJars jars(String... names) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name : names) {
      jars.add(Files.writeString(folder.resolve(name), "content of " + name));
    }
    return new ClusterJars(jars);
  }

  private static List<String> names(List<Path> jars) {
    return jars.stream().map(jar -> jar.getFileName().toString()).toList();
  }
}
