package etesian.ops.console;

import static etesian.ops.console.Samples.GRID;
import static etesian.ops.console.Samples.KEY;
import static etesian.ops.console.Samples.NOON;
import static etesian.ops.console.Samples.STEP;
import static etesian.ops.console.Samples.STREAM;
import static etesian.ops.console.Samples.forecast;
import static etesian.ops.console.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final long FIELD = 4L * GRID.cells();
  private static final Grid OTHER = new Grid(2, 3, 60, 0, 1, 1);

  @Test
  void keepsTheNewestIssueTimes() {
    Store store = Samples.store(2, 1 << 20);

    for (int i = 0; i < 5; i++) {
      store.add(forecast(issue(i), 0, 280, 1, 3));
    }

    assertThat(issues(store)).containsExactly(issue(3), issue(4));
    assertThat(store.bytes()).isEqualTo(2 * 3 * FIELD);
  }

  @Test
  void letsTheOldestGoBeforeItHoldsMoreBytesThanItMay() {
    Store store = Samples.store(100, 7 * FIELD);

    for (int i = 0; i < 20; i++) {
      store.add(forecast(issue(i), 0, 280, 1, 3));
      store.addObserved(STREAM, observed(issue(i), 281));
      assertThat(store.bytes()).isLessThanOrEqualTo(7 * FIELD);
    }

    assertThat(issues(store)).last().isEqualTo(issue(19));
    int leads = store.with(KEY, of -> of.issues.get(issue(19)).leads.size());
    assertThat(leads).isEqualTo(3);
  }

  @Test
  void turnsAwayWhatHasNoRoomEvenAlone() {
    Store store = Samples.store(100, 2 * FIELD);

    store.add(forecast(NOON, 0, 280, 1, 3));

    assertThat(store.bytes()).isEqualTo(2 * FIELD);
    assertThat(store.turnedAway()).isEqualTo(1);
  }

  @Test
  void aNewerRevisionTakesThePlaceOfAnOlderOneAndNotTheOtherWayRound() {
    Store store = Samples.store(4, 1 << 20);

    store.add(forecast(NOON, 1, 290, 1, 2));
    store.add(forecast(NOON, 0, 280, 1, 3));

    List<Float> firsts =
        store.with(
            KEY,
            of ->
                of.issues.get(NOON).leads.values().stream()
                    .map(shown -> shown.fields().get(Shown.FORECAST)[0])
                    .toList());
    assertThat(firsts).containsExactly(291f, 292f, 283f);
  }

  @Test
  void anOlderForecastOnAnotherGridTakesNothingNewerAway() {
    Store store = Samples.store(4, 1 << 20);
    store.add(forecast(issue(2), 0, 280, 1, 3));
    store.addObserved(STREAM, observed(issue(2), 281));
    long bytes = store.bytes();

    store.addOlder(Samples.on(OTHER, forecast(issue(1), 0, 280, 1, 3)));
    assertThat(issues(store)).containsExactly(issue(2));
    assertThat(store.bytes()).isEqualTo(bytes);

    store.addOlder(forecast(issue(0), 0, 280, 1, 3));
    assertThat(issues(store)).containsExactly(issue(0), issue(2));
  }

  @Test
  void ofOlderForecastsOnTwoGridsThoseOnTheLaterGridStay() {
    Store store = Samples.store(4, 1 << 20);

    store.addOlder(Samples.on(OTHER, forecast(issue(0), 0, 280, 1, 3)));
    store.addOlder(forecast(issue(1), 0, 280, 1, 3));

    assertThat(issues(store)).containsExactly(issue(1));
    assertThat(store.<Grid>with(KEY, Series::grid)).isEqualTo(GRID);
  }

  @Test
  void waitsForAChange() throws InterruptedException {
    Store store = Samples.store(4, 1 << 20);
    long before = store.version();
    Thread later = new Thread(() -> store.add(forecast(NOON, 0, 280, 1, 1)));
    later.start();

    assertThat(store.await(before, Duration.ofSeconds(30))).isGreaterThan(before);
    later.join();
  }

  @Test
  void countsMoreDeadLettersThanItKeeps() {
    Store store = Samples.store(4, 1 << 20);

    for (int i = 0; i < Store.MOST_LETTERS + 5; i++) {
      store.add(new Letter(NOON, "UNREADABLE", "reason " + i, "topic/0@" + i, "00"));
    }

    assertThat(store.letters()).hasSize(Store.MOST_LETTERS);
    assertThat(store.letters().get(0).reason()).isEqualTo("reason " + (Store.MOST_LETTERS + 4));
    assertThat(store.deadLetters()).isEqualTo(Store.MOST_LETTERS + 5);
  }

  private static Instant issue(int number) {
    return NOON.plus(STEP.multipliedBy(number));
  }

  private static List<Instant> issues(Store store) {
    return store.with(KEY, of -> List.copyOf(of.issues.keySet()));
  }
}
