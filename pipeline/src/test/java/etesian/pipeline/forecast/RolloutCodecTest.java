package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.pipeline.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutCodecTest {
  private static final Grid UNEVEN = Grid.ofRows(new double[] {70, 30, -20}, 1, 0, 1);

  @Test
  void theVersionTellsWhetherRowsAreEvenAndWhetherItIsARevision() throws IOException {
    assertThat(bytes(rollout(Samples.GRID, 0))[0]).isEqualTo((byte) 1);
    assertThat(bytes(rollout(UNEVEN, 0))[0]).isEqualTo((byte) 2);
    assertThat(bytes(rollout(Samples.GRID, 1))[0]).isEqualTo((byte) 3);
  }

  @Test
  void aRolloutComesBackOnItsGridWithItsRevision() throws IOException {
    for (Grid grid : new Grid[] {Samples.GRID, UNEVEN}) {
      for (int revision : new int[] {0, 7}) {
        byte[] bytes = bytes(rollout(grid, revision));
        Rollout read = read(bytes);
        assertThat(read.grid()).isEqualTo(grid);
        assertThat(read.revision()).isEqualTo(revision);
        assertThat(bytes(read)).isEqualTo(bytes);
      }
    }
  }

  /** The first two were written before rollouts had revisions. */
  @Test
  void storedRolloutsOfEveryVersionStillDecode() throws IOException {
    for (int version = 1; version <= 3; version++) {
      Rollout expected = rollout(version == 2 ? UNEVEN : Samples.GRID, version == 3 ? 1 : 0);
      try (InputStream in = getClass().getResourceAsStream("rollout-v" + version + ".bin")) {
        assertThat(bytes(read(in.readAllBytes()))).isEqualTo(bytes(expected));
      }
    }
  }

  /** Writes the newest stored sample; the argument is its folder. */
  public static void main(String[] folder) throws IOException {
    Files.write(Path.of(folder[0], "rollout-v3.bin"), bytes(rollout(Samples.GRID, 1)));
  }

  private static Rollout read(byte[] bytes) throws IOException {
    return new Rollout.RolloutCodec().read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  private static Rollout rollout(Grid grid, int revision) {
    return new Rollout(
        Samples.T2M,
        grid,
        hour(0),
        revision,
        "m2no",
        "ab".repeat(32),
        3,
        List.of(new float[grid.cells()]),
        List.of(Samples.ORIGIN));
  }

  private static byte[] bytes(Rollout rollout) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Rollout.RolloutCodec().write(rollout, new DataOutputStream(out));
    return out.toByteArray();
  }
}
