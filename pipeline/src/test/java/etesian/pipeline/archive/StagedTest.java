package etesian.pipeline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.Samples;
import java.io.InputStream;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;

class StagedTest {
  private static final Staged SAMPLE =
      new Staged(
          Issue.of(Forecasts.whole(Samples.hour(6), 2)),
          new Path("file:/data/.pending/job/0/a.nc"));

  private final StagedSerializer serializer = new StagedSerializer();

  @Test
  void comesBackAsItWas() throws Exception {
    byte[] bytes = serializer.serialize(SAMPLE);
    assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(SAMPLE);
  }

  /** The file was written by {@code serialize(SAMPLE)} when version 1 was the newest. */
  @Test
  void whatVersion1WroteIsStillRead() throws Exception {
    try (InputStream stored = StagedTest.class.getResourceAsStream("staged-v1.bin")) {
      assertThat(serializer.deserialize(1, stored.readAllBytes())).isEqualTo(SAMPLE);
    }
  }
}
