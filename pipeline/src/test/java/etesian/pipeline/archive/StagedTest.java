package etesian.pipeline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.Samples;
import java.io.InputStream;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;

class StagedTest {
  private static final Staged SAMPLE =
      new Staged(
          Issue.of(Forecasts.whole(Samples.hour(6), 2)),
          new Path("file:/data/.pending/job/0/a.nc"));

  private static final Staged ENSEMBLE =
      new Staged(
          Issue.of(Forecasts.ensemble(Samples.hour(6), 2)),
          new Path("file:/data/.pending/job/0/a.nc"));

  private final StagedSerializer serializer = new StagedSerializer();

  @Test
  void comesBackAsItWas() throws Exception {
    byte[] bytes = serializer.serialize(SAMPLE);
    assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(SAMPLE);
  }

  @Test
  void anEnsembleSaysWhichProductsItHas() throws Exception {
    assertThat(ENSEMBLE.issue().ensemble())
        .isEqualTo(new EnsembleKind(3, List.of(0.25, 0.75), true));
    assertThat(serializer.deserialize(2, serializer.serialize(ENSEMBLE))).isEqualTo(ENSEMBLE);
    try (InputStream stored = StagedTest.class.getResourceAsStream("staged-v2.bin")) {
      assertThat(serializer.deserialize(2, stored.readAllBytes())).isEqualTo(ENSEMBLE);
    }
  }

  @Test
  void oneRunIsWrittenAsEver() throws Exception {
    try (InputStream stored = StagedTest.class.getResourceAsStream("staged-v1.bin")) {
      assertThat(serializer.serialize(SAMPLE)).isEqualTo(stored.readAllBytes());
    }
  }

  /** The file was written by {@code serialize(SAMPLE)} when version 1 was the newest. */
  @Test
  void whatVersion1WroteIsStillRead() throws Exception {
    try (InputStream stored = StagedTest.class.getResourceAsStream("staged-v1.bin")) {
      assertThat(serializer.deserialize(1, stored.readAllBytes())).isEqualTo(SAMPLE);
    }
  }
}
