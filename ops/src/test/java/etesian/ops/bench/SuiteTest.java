package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SuiteTest {
  private static final Case.Limits ONCE = new Case.Limits(1, 0);
  @TempDir private Path folder;

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @ParameterizedTest
  @EnumSource
  void namesTellCasesApart(Suite suite) {
    assertThat(suite.cases(List.of()))
        .isNotEmpty()
        .extracting(Case::name)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(suite.named(name, List.of()).name()).isEqualTo(name));
    assertThatThrownBy(() -> suite.named("none", List.of())).hasMessageContaining("'none', only [");
  }

  @Test
  void theSmallCasesRun() throws Exception {
    for (String name : List.of("64x64 forward", "64x64 forward+backward")) {
      assertThat(Suite.M2NO.named(name, List.of()).measure(ONCE)).containsKey("median_ms");
    }
    for (String name : List.of("N=1024 batch=1 forward", "N=1024 batch=1 backward")) {
      assertThat(Suite.SMNN.named(name, List.of()).measure(ONCE)).containsKey("median_ms");
    }
  }

  @Test
  void aSoakNotesMemoryAfterItsWarmUpAndAtItsEnd() {
    for (boolean training : new boolean[] {false, true}) {
      Map<String, Object> figures = new SoakCase("brief", 32, 20, training).measure(ONCE);
      assertThat(figures).containsEntry("passes", 20);
      assertThat((Double) figures.get("resident_mib")).isNotZero();
      assertThat((Double) figures.get("end_mib")).isNotZero();
    }
  }

  @Test
  void aPeerThatIsNoModelIsNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("peer.pt"), "not TorchScript");
    assertThatThrownBy(() -> Suite.M2NO.cases(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text + " is no TorchScript");
  }

  @Test
  void peersOfFnoSayTheirSizes() {
    List<Path> peers = List.of(Path.of("fno_20_h8_m6_b3.pt"), Path.of("x/tfno_64_h32_m16_b1.pt"));
    assertThat(Suite.FNO.cases(peers))
        .extracting(Case::name)
        .containsExactly(
            "20x20 hidden 8 modes 6 batch 3 forward",
            "20x20 hidden 8 modes 6 batch 3 forward+backward",
            "tfno 64x64 hidden 32 modes 16 batch 1 forward",
            "tfno 64x64 hidden 32 modes 16 batch 1 forward+backward");
    assertThatThrownBy(() -> Suite.FNO.cases(List.of(Path.of("traced.pt"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("traced.pt: expected a name that tells the size");
  }

  @Test
  void aPolicyReplacesTheSettingsOfTheAllocatorAndNothingElse() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MALLOC_TOP_PAD_", "1");
    environment.put("MALLOC_TRIM_THRESHOLD_", "1");
    environment.put("PATH", "/bin");
    MemoryPolicy.AS_IS.applyTo(environment);
    assertThat(environment).hasSize(3);
    MemoryPolicy.KEPT.applyTo(environment);
    assertThat(environment)
        .doesNotContainKey("MALLOC_TOP_PAD_")
        .containsEntry("MALLOC_TRIM_THRESHOLD_", "4294967296")
        .containsEntry("PATH", "/bin");
    assertThat(MemoryPolicy.KEPT.variables()).containsEntry("MALLOC_TRIM_THRESHOLD_", "4294967296");
  }
}
