package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.PublishSummary;
import org.junit.jupiter.api.Test;

class PublishTest {

  @Test
  void aRateAndASpeedExcludeEachOther() {
    Run run = Run.of("publish", "a.nc", "--rate", "4", "--speed", "3600x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--rate").contains("--speed").contains("mutually exclusive");
  }

  @Test
  void partsAndReferencesExcludeEachOther() {
    Run run = Run.of("publish", "a.nc", "--split", "--by-reference");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--split").contains("mutually exclusive");
  }

  @Test
  void whatAnOptionCannotMeanIsSaidBeforeABrokerIsAsked() {
    assertThat(Run.of("publish", "a.nc", "--speed", "fast").err()).contains("3600x");
    assertThat(Run.of("publish", "a.nc", "--rate", "0").err()).contains("positive");
    assertThat(Run.of("publish", "a.nc", "--base-uri", "/a=file:///b/").err())
        .contains("add --by-reference");
    assertThat(Run.of("publish", "a.nc", "--by-reference", "--base-uri", "file:///b/").err())
        .contains("FOLDER=URI");
  }

  @Test
  void theSummaryTellsOnlyWhatThereWas() {
    assertThat(Publish.sentences(new PublishSummary(3, 3, 0, 0, 0, 1, 0, 0, 0, 2_500_000)))
        .isEqualToNormalizingNewlines(
            "3 files published, 2.5 MB in 3 records; 1 skipped (sent before)\n");
    assertThat(Publish.sentences(new PublishSummary(2, 50, 1, 49, 1, 0, 7, 1, 1, 0)))
        .isEqualToNormalizingNewlines(
            """
            2 files published, 0.0 MB in 50 records; 0 skipped (sent before)
            49 of the records are parts; files that went in parts: 1
            7 parts skipped (sent before)
            1 of the records only say where their file is
            1 of the files cannot be read and become dead letters
            1 of the files could not be sent, see above
            """);
  }
}
