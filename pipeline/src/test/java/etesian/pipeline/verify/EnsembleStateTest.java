package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.wire.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What verification keeps of ensembles comes back, and what it keeps of one run is as ever. */
class EnsembleStateTest {
  private static final SkillTable.Row ROW = new SkillTable.Row(3, "m2no", "abc");
  private static final EnsembleStatistics ENSEMBLE =
      EnsembleStatistics.of(1, new double[] {1, 2, 3, 4, 5});

  @Test
  void aStepWaitsWithItsMembers() throws IOException {
    List<float[]> members = List.of(new float[] {1, 2}, new float[] {3, Float.NaN});
    PendingStep step = step(members);
    PendingStep read = again(step, new PendingStep.PendingStepCodec(), 2);
    assertThat(read.members()).hasSize(2);
    assertThat(read.members().get(0)).isEqualTo(members.get(0));
    assertThat(read.members().get(1)).isEqualTo(members.get(1));
    assertThat(read.references().persistence()).containsExactly(7, 8);
    assertThat(again(step(List.of()), new PendingStep.PendingStepCodec(), 1).members()).isEmpty();
  }

  private static PendingStep step(List<float[]> members) {
    return new PendingStep(
        3,
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(60),
        1,
        "m2no",
        "abc",
        new float[] {2, Float.NaN},
        new ReferenceFields(new float[] {7, 8}, null, null),
        members);
  }

  @Test
  void aMatchKnowsWhatItsEnsembleAdded() throws IOException {
    Match.MatchCodec codec = new Match.MatchCodec();
    Match match = new Match(ROW, PairStatistics.NONE.with(ENSEMBLE), 2);
    assertThat(again(match, codec, 2)).isEqualTo(match);
    Match one = new Match(ROW, PairStatistics.NONE, 2);
    assertThat(again(one, codec, 1)).isEqualTo(one);
  }

  @Test
  void aTableSumsUpEnsemblesAndLetsThemGoAgain() throws IOException {
    SkillTable.SkillTableCodec codec = new SkillTable.SkillTableCodec();
    SkillTable table = new SkillTable();
    PairStatistics pair = PairStatistics.of(new long[] {1, 9, 0, 0, 0}, new double[12]);
    PairStatistics huge = pair.with(EnsembleStatistics.of(1, new double[] {1e30, 1, 1, 1, 1e25}));
    table.add(ROW, pair);
    table.add(ROW, huge);
    table.add(ROW, pair.with(ENSEMBLE));
    table.remove(ROW, huge);
    SkillTable read = again(table, codec, 3);
    assertThat(read.get(ROW).ensemble()).isEqualTo(ENSEMBLE);
    assertThat(read.get(ROW).pairs()).isEqualTo(2);
    read.addAll(codec.copy(table));
    assertThat(read.get(ROW).ensemble().pairs()).isEqualTo(2);
    assertThat(read.get(ROW).ensemble().meanCrps()).isEqualTo(1);
    SkillTable ofOneRun = new SkillTable();
    ofOneRun.add(ROW, pair);
    assertThat(again(ofOneRun, codec, 2).get(ROW).ensemble()).isEqualTo(EnsembleStatistics.NONE);
  }

  private static <T> T again(T value, Codec<T> codec, int version) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(out));
    assertThat(out.toByteArray()[0]).isEqualTo((byte) version);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    T read = codec.read(in);
    assertThat(in.available()).isZero();
    return read;
  }
}
