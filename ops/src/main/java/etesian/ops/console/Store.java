package etesian.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The newest of every topic, within bounds: a number of issue times for each series, a number of
 * bytes for all fields, a number of records of everything else. What comes beyond pushes out the
 * oldest. Safe for many threads; arrays are shared and never written to.
 */
final class Store {
  static final int MOST_SCORES = 8192;
  static final int MOST_EVENTS = 256;
  static final int MOST_LETTERS = 200;

  private final Map<SeriesKey, Series> series = new LinkedHashMap<>();
  private final Map<String, StreamSettings> streams = new LinkedHashMap<>();
  private final Map<String, JsonNode> scores = bounded(MOST_SCORES);
  private final Map<String, Champion> champions = new LinkedHashMap<>();
  private final Deque<JsonNode> events = new ArrayDeque<>();
  private final Deque<Letter> letters = new ArrayDeque<>();
  private final int issues;
  private final long mostBytes;
  private long bytes;
  private long turnedAway;
  private long deadLetters;
  private long version;
  private String trouble = "connecting";

  Store(List<StreamSettings> streams, int issues, long mostBytes) {
    this.issues = issues;
    this.mostBytes = mostBytes;
    for (StreamSettings stream : streams) {
      this.streams.put(stream.name(), stream);
      stream
          .variables()
          .forEach(v -> series.put(new SeriesKey(stream.name(), v.name()), new Series()));
    }
  }

  Collection<StreamSettings> streams() {
    return List.copyOf(streams.values());
  }

  /** Forecasts of streams that the settings do not name are passed by. */
  synchronized void add(Forecast forecast) {
    Series of = series.get(new SeriesKey(forecast.stream(), forecast.variable().name()));
    if (of == null) {
      return;
    }
    change(of, () -> of.isOf(forecast.variable(), forecast.grid()));
    for (Forecast.Step step : forecast.steps()) {
      Shown shown = Shown.of(step.validAt(), forecast.revision(), step.values(), step.ensemble());
      if (makeRoom(shown.bytes())) {
        change(of, () -> of.add(forecast, step.lead(), shown));
      }
    }
    while (of.issues.size() > issues) {
      change(of, of::dropOldestIssue);
    }
    changed();
  }

  /**
   * As {@link #add(Forecast)}, but nothing that is newer goes for it: on another grid than that it
   * is passed by.
   */
  synchronized void addOlder(Forecast forecast) {
    Series of = series.get(new SeriesKey(forecast.stream(), forecast.variable().name()));
    if (of != null && !of.hasLeftGrid(forecast)) {
      add(forecast);
    }
  }

  /**
   * @param field on the grid of the stream
   */
  synchronized void addObserved(StreamSettings stream, Field field) {
    Frame frame = field.frame();
    Series of = series.get(new SeriesKey(stream.name(), frame.variable().name()));
    if (of == null) {
      return;
    }
    change(of, () -> of.isOf(frame.variable(), frame.grid()));
    if (makeRoom(4L * frame.grid().cells())) {
      change(of, () -> of.add(frame.validAt(), field.toArray()));
    }
    int most = issues * stream.issueEvery() + stream.horizon() + stream.history();
    while (of.observed.size() > most) {
      change(of, of::dropOldestObservation);
    }
    changed();
  }

  synchronized void addScore(JsonNode score) {
    String key =
        String.join(
            "/",
            score.path("stream").asText(),
            score.path("variable").asText(),
            score.path("lead").asText(),
            score.path("weights_sha256").asText());
    scores.remove(key); // to the end of the order
    scores.put(key, score);
    changed();
  }

  synchronized void add(Champion champion) {
    champions.put(champion.stream(), champion);
    changed();
  }

  /**
   * @param event as the topic has it: what later versions add is shown, too
   */
  synchronized void addEvent(JsonNode event) {
    addBounded(events, event, MOST_EVENTS);
    changed();
  }

  synchronized void add(Letter letter) {
    addBounded(letters, letter, MOST_LETTERS);
    deadLetters++;
    changed();
  }

  /** What keeps the console from reading; empty when nothing does. */
  synchronized void trouble(String what) {
    if (!what.equals(trouble)) {
      trouble = what;
      changed();
    }
  }

  synchronized String trouble() {
    return trouble;
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Fields that found no room although everything older had gone. */
  synchronized long turnedAway() {
    return turnedAway;
  }

  /** Counts up with every change. */
  synchronized long version() {
    return version;
  }

  /** Dead letters seen, those that are no longer kept among them. */
  synchronized long deadLetters() {
    return deadLetters;
  }

  /** Newest first. */
  synchronized List<Letter> letters() {
    return List.copyOf(letters);
  }

  /** Newest first. */
  synchronized List<JsonNode> events() {
    return List.copyOf(events);
  }

  synchronized Map<String, Champion> champions() {
    return new LinkedHashMap<>(champions);
  }

  /** The newest score of each stream, variable, lead and weights; the newest last. */
  synchronized List<JsonNode> scores() {
    return new ArrayList<>(scores.values());
  }

  /** Looks at a series while nothing changes; null when there is no such series. */
  synchronized <T> T with(SeriesKey key, Function<Series, T> look) {
    Series of = series.get(key);
    return of == null ? null : look.apply(of);
  }

  /**
   * Waits for a change.
   *
   * @param known the version that the caller has seen
   * @return the version now, {@code known} when time is over
   */
  synchronized long await(long known, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (version == known && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    return version;
  }

  private void change(Series of, Runnable change) {
    long before = of.bytes();
    change.run();
    bytes += of.bytes() - before;
  }

  private boolean makeRoom(long needed) {
    while (bytes + needed > mostBytes) {
      List<Series> largest =
          series.values().stream()
              .sorted(Comparator.comparingLong(Series::bytes).reversed())
              .toList();
      if (largest.stream().noneMatch(this::shrink)) {
        turnedAway++;
        return false;
      }
    }
    return true;
  }

  private boolean shrink(Series of) {
    boolean[] done = new boolean[1];
    change(of, () -> done[0] = of.shrink());
    return done[0];
  }

  private void changed() {
    version++;
    notifyAll();
  }

  private static <T> void addBounded(Deque<T> newestFirst, T one, int most) {
    newestFirst.addFirst(one);
    if (newestFirst.size() > most) {
      newestFirst.removeLast();
    }
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
