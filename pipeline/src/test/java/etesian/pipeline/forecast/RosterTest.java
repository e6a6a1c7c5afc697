package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.window.FieldWindow;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {
  private static final String FIRST = "a".repeat(64);
  private static final String SECOND = "b".repeat(64);

  private final Roster roster = new Roster(4, 2, 1000);

  @Test
  void nothingRunsWithoutAChampion() {
    roster.add(window(0));
    assertThat(roster.nextBatch()).isEmpty();
    assertThat(roster.oldestIssueMillis()).hasValue(hour(0).toEpochMilli());
  }

  @Test
  void theOldestIssueTimesRunFirst() {
    champion(FIRST, Champion.ALWAYS);
    roster.add(window(12));
    roster.add(window(0));
    roster.add(window(6));
    assertThat(issueTimes(roster.nextBatch())).containsExactly(hour(0), hour(6));
  }

  @Test
  void whichChampionARolloutBeginsWithDependsOnItsIssueTimeOnly() {
    roster.add(window(0));
    roster.add(window(6));
    champion(SECOND, hour(6)); // arrives first, serves later issue times
    champion(FIRST, Champion.ALWAYS);
    assertThat(roster.nextBatch()).extracting(Rollout::weightsSha256).containsExactly(FIRST);
    roster.finish(roster.nextBatch().get(0));
    assertThat(roster.nextBatch()).extracting(Rollout::weightsSha256).containsExactly(SECOND);
  }

  @Test
  void aRolloutKeepsTheWeightsItBeganWith() {
    champion(FIRST, Champion.ALWAYS);
    roster.add(window(0));
    Rollout begun = roster.nextBatch().get(0);
    roster.advance(begun.after(List.of(new float[6])));
    champion(SECOND, Champion.ALWAYS);
    assertThat(roster.nextBatch().get(0).weightsSha256()).isEqualTo(FIRST);
    assertThat(roster.nextBatch().get(0).nextLead()).isEqualTo(2);
  }

  @Test
  void withoutItsWeightsARolloutThatHasNotMovedBeginsWithThoseBefore() {
    champion(FIRST, Champion.ALWAYS);
    champion(SECOND, hour(6));
    roster.add(window(6));
    assertThat(roster.nextBatch()).extracting(Rollout::weightsSha256).containsExactly(SECOND);
    roster.refuse(SECOND);
    assertThat(roster.nextBatch()).extracting(Rollout::weightsSha256).containsExactly(FIRST);
  }

  @Test
  void withoutItsWeightsARolloutThatHasMovedIsStrandedAndTakesNobodysPlace() {
    Roster single = new Roster(1, 2, 10);
    single.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    single.learn(new Champion("t2m", "m2no", SECOND, hour(6), null));
    single.add(window(6));
    Rollout begun = single.nextBatch().get(0);
    single.advance(begun.after(List.of(new float[6])));
    single.hold(SECOND);
    single.add(window(12));
    assertThat(issueTimes(single.nextBatch())).containsExactly(hour(12));
    assertThat(single.missed()).containsExactly(SECOND);
    assertThat(single.oldestIssueMillis()).hasValue(hour(6).toEpochMilli());
    single.restore(SECOND);
    assertThat(issueTimes(single.nextBatch())).contains(hour(6));
  }

  @Test
  void theLimitOfActiveRolloutsKeepsTheOthersWaiting() {
    champion(FIRST, Champion.ALWAYS);
    for (int step = 0; step < 6; step++) {
      roster.add(window(6 * step));
    }
    roster.nextBatch();
    assertThat(roster.active()).isEqualTo(4);
    assertThat(roster.waiting()).isEqualTo(2);
    assertThat(roster.waitingBytes()).isEqualTo(2 * 6 * Float.BYTES);
  }

  /** A rollout of two global fields of six variables carries 50 MB. */
  @Test
  void whatActiveRolloutsCarryKeepsTheOthersWaitingToo() {
    Roster small = new Roster(4, 2, 2 * 6 * Float.BYTES + 1);
    small.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    for (int step = 0; step < 3; step++) {
      small.add(window(6 * step));
    }
    assertThat(small.nextBatch()).hasSize(2);
    assertThat(small.waiting()).isEqualTo(1);
    small.finish(small.nextBatch().get(0));
    small.nextBatch();
    assertThat(small.waiting()).isZero();
  }

  @Test
  void oneRolloutRunsHoweverMuchItCarries() {
    Roster tiny = new Roster(4, 2, 1);
    tiny.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    tiny.add(window(0));
    tiny.add(window(6));
    assertThat(issueTimes(tiny.nextBatch())).containsExactly(hour(0));
  }

  @Test
  void aBatchCountsTheMembersOfEnsembles() {
    Roster ten = new Roster(8, 10, 10_000);
    ten.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    ten.add(ensemble(0, 4));
    ten.add(ensemble(6, 4));
    ten.add(window(12)); // has room, but comes after one that has none
    ten.add(ensemble(9, 4));
    assertThat(issueTimes(ten.nextBatch())).containsExactly(hour(0), hour(6));
    Roster small = new Roster(8, 3, 10_000);
    small.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    small.add(ensemble(0, 4));
    assertThat(small.nextBatch()).as("one always runs").hasSize(1);
  }

  /** A window waits as it is; its members are made by the first step. */
  @Test
  void anEnsembleTakesTheRoomOfItsMembersWhenItBegins() {
    Roster room = new Roster(8, 10, 2 * 4 * 6 * Float.BYTES);
    room.learn(new Champion("t2m", "m2no", FIRST, Champion.ALWAYS, null));
    for (int hour : List.of(0, 6, 12)) {
      room.add(ensemble(hour, 4));
    }
    assertThat(room.waitingBytes()).isEqualTo(3 * 6 * Float.BYTES);
    assertThat(room.nextBatch()).hasSize(2);
    assertThat(room.waiting()).isEqualTo(1);
  }

  private static Rollout ensemble(int hour, int members) {
    return Rollout.of(new FieldWindow("t2m", List.of(t2m(hour(hour), 280))), members);
  }

  private void champion(String sha256, Instant from) {
    roster.learn(new Champion("t2m", "m2no", sha256, from, null));
  }

  private static Rollout window(int hour) {
    return Rollout.of(new FieldWindow("t2m", List.of(t2m(hour(hour), 280))));
  }

  private static List<Instant> issueTimes(List<Rollout> batch) {
    return batch.stream().map(Rollout::issueTime).toList();
  }
}
