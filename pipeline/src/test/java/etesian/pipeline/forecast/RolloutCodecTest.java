package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.pipeline.Samples;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.window.FieldWindow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutCodecTest {
  private static final Grid UNEVEN = Grid.ofRows(new double[] {70, 30, -20}, 1, 0, 1);

  @Test
  void theVersionTellsOfUnevenRowsOfARevisionAndOfSeveralVariables() throws IOException {
    assertThat(bytes(rollout(Samples.GRID, 0))[0]).isEqualTo((byte) 1);
    assertThat(bytes(rollout(UNEVEN, 0))[0]).isEqualTo((byte) 2);
    assertThat(bytes(rollout(Samples.GRID, 1))[0]).isEqualTo((byte) 3);
    assertThat(bytes(ofTwo(Samples.GRID))[0]).isEqualTo((byte) 4);
    assertThat(bytes(ensemble())[0]).isEqualTo((byte) 5);
  }

  @Test
  void anEnsembleComesBackWithItsMembersOrItsWindow() throws IOException {
    Rollout read = read(bytes(ensemble()));
    assertThat(read.runs()).isEqualTo(2);
    assertThat(read.members()).extracting(Member::behind).containsExactly(0, 1);
    assertThat(read.members().get(1).frames().get(0)).containsOnly(5);
    assertThat(read.bytes()).isEqualTo(2L * 4 * 2 * Samples.GRID.cells());
    assertThat(bytes(read)).isEqualTo(bytes(ensemble()));
    Rollout waiting = Rollout.of(new FieldWindow("t2m", List.of(Samples.t2m(hour(0), 280))), 7);
    Rollout back = read(bytes(waiting));
    assertThat(back.runs()).isEqualTo(7);
    assertThat(back.members()).isEmpty();
    assertThat(back.frames().get(0)).containsOnly(280);
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

  @Test
  void aRolloutOfTwoVariablesComesBack() throws IOException {
    for (Grid grid : new Grid[] {Samples.GRID, UNEVEN}) {
      Rollout read = read(bytes(ofTwo(grid)));
      assertThat(read.variables()).containsExactly(Samples.T2M, Samples.U10);
      assertThat(read.frames()).extracting(frame -> frame.length).containsOnly(2 * grid.cells());
      assertThat(read.bytes()).isEqualTo(4L * 2 * grid.cells());
      assertThat(bytes(read)).isEqualTo(bytes(ofTwo(grid)));
    }
  }

  /** The first two were written before rollouts had revisions. */
  @Test
  void storedRolloutsOfEveryVersionStillDecode() throws IOException {
    for (int version = 1; version <= 5; version++) {
      Rollout expected =
          version >= 4
              ? (version == 4 ? ofTwo(Samples.GRID) : ensemble())
              : rollout(version == 2 ? UNEVEN : Samples.GRID, version == 3 ? 1 : 0);
      try (InputStream in = getClass().getResourceAsStream("rollout-v" + version + ".bin")) {
        assertThat(bytes(read(in.readAllBytes()))).isEqualTo(bytes(expected));
      }
    }
  }

  /** Writes the newest stored sample; the argument is its folder. */
  public static void main(String[] folder) throws IOException {
    Files.write(Path.of(folder[0], "rollout-v5.bin"), bytes(ensemble()));
  }

  private static Rollout read(byte[] bytes) throws IOException {
    return new Rollout.RolloutCodec().read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  private static Rollout rollout(Grid grid, int revision) {
    return rollout(List.of(Samples.T2M), grid, revision);
  }

  /** Of two variables and two members, of which one is a step behind. */
  private static Rollout ensemble() {
    float[] behind = new float[2 * Samples.GRID.cells()];
    Arrays.fill(behind, 5);
    List<float[]> frames = ofTwo(Samples.GRID).frames();
    return ofTwo(Samples.GRID)
        .with(List.of(new Member(0, frames), new Member(1, List.of(behind))), 1);
  }

  private static Rollout ofTwo(Grid grid) {
    return rollout(List.of(Samples.T2M, Samples.U10), grid, 1);
  }

  private static Rollout rollout(List<Variable> variables, Grid grid, int revision) {
    return new Rollout(
        variables,
        grid,
        hour(0),
        revision,
        "m2no",
        "ab".repeat(32),
        3,
        List.of(new float[variables.size() * grid.cells()]),
        List.of(Samples.ORIGIN));
  }

  private static byte[] bytes(Rollout rollout) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Rollout.RolloutCodec().write(rollout, new DataOutputStream(out));
    return out.toByteArray();
  }
}
