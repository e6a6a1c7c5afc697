package etesian.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DueTest {
  private static final Grid GRID = new Grid(1, 1, 0, 0, 1, 1);
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          GRID,
          TimeStep.parse("PT1H"),
          2,
          3,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "m2no",
          List.of(1));

  private static final Variable T2M = new Variable("t2m", "K", "", "");
  private static final Origin ORIGIN = new Origin("f".repeat(64), "");

  private Due due = new Due(List.of(STREAM));

  @Test
  void anIssueTimeIsDueWhenItsHistoryWasPublished() {
    published(0, 1, 3); // a gap at 2: nothing is due at 3
    assertThat(due.steps()).containsExactlyInAnyOrder(step(1, 1), step(1, 2), step(1, 3));
  }

  @Test
  void whatIsMissingIsLostAndWhatCameTwiceIsADuplicate() {
    published(0, 1);
    assertThat(due.against(List.of(step(1, 1), step(1, 1), step(1, 2))))
        .isEqualTo(new Due.Balance(3, 3, 1, 1));
  }

  @Test
  void anotherStreamsFieldsOweNothing() {
    Variable wind = new Variable("u10", "m s**-1", "", "");
    for (int hour = 0; hour < 5; hour++) {
      due.published("era5", field(wind, hour));
    }
    assertThat(due.steps()).isEmpty();
  }

  @Test
  void aFieldInTheTopicOfAnotherDatasetOwesNothing() {
    for (int hour = 0; hour < 5; hour++) {
      due.published("sst", field(new Variable("t2m", "K", "", ""), hour));
    }
    assertThat(due.steps()).isEmpty();
  }

  @Test
  void aBetterFieldOwesTheNextRevisionOfWhatItTouches() {
    published(0, 1, 2, 3);
    due.published("era5", new Field(field(T2M, 1).frame(), 2, ORIGIN, new float[] {281}));
    due.published("era5", new Field(field(T2M, 3).frame(), 2, ORIGIN, new float[] {280}));
    assertThat(due.revisions(STREAM)).isEqualTo(Map.of(at(1), 1, at(2), 1, at(3), 0));
    assertThat(due.steps()).contains(step(1, 3, 1)).doesNotContain(step(1, 3, 0));
  }

  @Test
  void everyVariableIsDueOnceAllOfAHistoryAreThere() {
    Variable wind = new Variable("u10", "m s-1", "", "");
    due =
        new Due(
            List.of(
                STREAM.withVariables(
                    List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")))));
    published(0, 1);
    due.published("era5", field(wind, 1));
    assertThat(due.steps()).isEmpty();
    due.published("era5", field(wind, 0));
    assertThat(due.steps())
        .contains(step(1, 1), new Due.Step("t2m", "u10", at(1), 1, 0))
        .hasSize(2 * STREAM.horizon());
  }

  @Test
  void whatIsOlderThanTheRetentionOwesNothing() {
    published(0, 1, 2, 3, 4);
    due.published("era5", new Field(field(T2M, 0).frame(), 2, ORIGIN, new float[] {281}));
    assertThat(due.revisions(STREAM).values()).containsOnly(0);
  }

  @Test
  void anOlderRevisionIsNoDuplicateAndNoSubstitute() {
    published(0, 1);
    due.published("era5", new Field(field(T2M, 1).frame(), 2, ORIGIN, new float[] {281}));
    assertThat(due.against(List.of(step(1, 1, 0), step(1, 1, 1), step(1, 2, 0))))
        .isEqualTo(new Due.Balance(3, 3, 2, 0));
  }

  private void published(int... hours) {
    for (int hour : hours) {
      due.published("era5", field(T2M, hour));
    }
  }

  private static Field field(Variable variable, int hour) {
    return new Field(new Frame(variable, GRID, at(hour)), 1, new Origin("", ""), new float[] {280});
  }

  private static Due.Step step(int hour, int lead) {
    return step(hour, lead, 0);
  }

  private static Due.Step step(int hour, int lead, int revision) {
    return new Due.Step("t2m", "t2m", at(hour), lead, revision);
  }

  private static Instant at(int hour) {
    return Instant.EPOCH.plus(Duration.ofHours(hour));
  }
}
