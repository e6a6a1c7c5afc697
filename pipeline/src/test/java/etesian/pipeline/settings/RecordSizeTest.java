package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.pipeline.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordSizeTest {
  private static final Grid QUARTER_DEGREE = new Grid(721, 1440, 90, 0, 0.25, 0.25);

  /** 16 MiB / (721 x 1440 x 4 bytes) = 4.04. */
  @Test
  void aMessageFillsHalfOfARecord() {
    assertThat(RecordSize.leadsPerMessage(Samples.stream(1, 40), QUARTER_DEGREE)).isEqualTo(4);
  }

  /** Mean, spread and one quantile: 16 MiB / (3 x 721 x 1440 x 4 bytes) = 1.35. */
  @Test
  void anEnsembleHasSeveralFieldsOfEachLead() {
    assertThat(RecordSize.leadsPerMessage(with(List.of(0.5)), QUARTER_DEGREE)).isEqualTo(1);
  }

  /** Seven fields are 29.07 MB: more than half of a record and less than a whole one. */
  @Test
  void oneLeadIsAlwaysSent() {
    StreamSettings stream = with(List.of(0.1, 0.3, 0.5, 0.7, 0.9)).withGrid(QUARTER_DEGREE);
    assertThat(RecordSize.problem(stream)).isEmpty();
    assertThat(RecordSize.leadsPerMessage(stream, QUARTER_DEGREE)).isEqualTo(1);
  }

  private static StreamSettings with(List<Double> quantiles) {
    return Samples.stream(1, 40)
        .withEnsemble(new EnsembleSettings(5, 0.5, 3, 2000, true, 0, quantiles, false, 7));
  }
}
