package etesian.ops.models;

import etesian.ingest.field.Check;
import etesian.ingest.kafka.Topics;
import etesian.ops.models.History.Unread;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.Champion.Reign;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.ChampionWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who serves a stream, decided by a person. The file comes first, then the event and the champion
 * in one transaction, as the job's own promotions do; a job that runs takes the champion over from
 * the topic.
 *
 * <p>Timelines only grow: a champion serves from an issue time on that is later than that of the
 * one before it and than any that forecasts were issued for. So no forecast that anybody has seen
 * would be made by other weights today, and a replay makes the same ones.
 */
public final class Throne {
  /** Of each partition of the forecasts, looked at first for the newest issue time. */
  private static final long RECORDS = 2000;

  /** How far ahead a champion may be named: nobody can be named for a time before its own. */
  private static final Duration AHEAD = Duration.ofDays(31);

  /** Likewise, where the steps of the stream are long. */
  private static final int STEPS_AHEAD = 12;

  private final KafkaSettings kafka;
  private final WeightsStore store;
  private final StreamSettings stream;
  private final Clock clock;
  private final boolean pastUnreadable;

  public Throne(KafkaSettings kafka, WeightsStore store, StreamSettings stream, Clock clock) {
    this(kafka, store, stream, clock, false);
  }

  private Throne(
      KafkaSettings kafka,
      WeightsStore store,
      StreamSettings stream,
      Clock clock,
      boolean pastUnreadable) {
    this.kafka = kafka;
    this.store = store;
    this.stream = stream;
    this.clock = clock;
    this.pastUnreadable = pastUnreadable;
  }

  /** The same, which passes by records that cannot be read, as the job does. */
  public Throne pastUnreadable() {
    return new Throne(kafka, store, stream, clock, true);
  }

  /**
   * Who served and who serves.
   *
   * @param before null for the first champion
   */
  public record Change(Champion before, Champion now, ModelEvent event) {}

  /**
   * Puts weights in the place of the champion.
   *
   * @param weights a file, or a SHA-256 in the store, or at least six digits of one
   * @param from first issue time that they serve; empty for the next that nobody has issued yet
   * @throws IllegalArgumentException when they cannot serve the stream, serve it already, or the
   *     time is taken; says why, and nothing is changed
   */
  public Change promote(String weights, Optional<Instant> from, String reason) {
    Applicant applicant = Applicant.of(weights, store);
    String architecture = applicant.check(stream);
    makeTopics();
    try (ChampionWriter writer = ChampionWriter.open(kafka, stream.name())) {
      History history = readable();
      String sha256 = store.put(applicant.bytes());
      Optional<Champion> before = history.champion(stream.name());
      before.ifPresent(
          serving ->
              Check.that(
                  !serving.weightsSha256().equals(sha256),
                  "stream %s: %s serve already, from %s on",
                  stream.name(),
                  sha256,
                  text(serving.effectiveFrom())));
      Instant effective = effective(history, before, from);
      Champion next =
          before
              .map(serving -> serving.then(architecture, sha256, effective))
              .orElseGet(() -> new Champion(stream.name(), architecture, sha256, effective, null));
      return commit(writer, Kind.PROMOTED, before.orElse(null), next, reason);
    }
  }

  /**
   * Puts the champion before the present one back in its place.
   *
   * @param from as in {@link #promote}
   * @throws IllegalArgumentException when there is none, or its weights cannot serve any more
   */
  public Change rollBack(Optional<Instant> from, String reason) {
    try (ChampionWriter writer = ChampionWriter.open(kafka, stream.name())) {
      History history = readable();
      Optional<Champion> before = history.champion(stream.name());
      Check.that(before.isPresent(), "stream %s has no champion", stream.name());
      Champion serving = before.get();
      Check.that(
          !serving.earlier().isEmpty(),
          "stream %s: %s are its first champion, there is none before",
          stream.name(),
          serving.weightsSha256());
      Reign back = serving.earlier().get(serving.earlier().size() - 1);
      Applicant.of(back.weightsSha256(), store).check(stream);
      Champion next =
          serving.then(back.model(), back.weightsSha256(), effective(history, before, from));
      return commit(writer, Kind.ROLLED_BACK, serving, next, reason);
    }
  }

  /** Those that are missing, as the job makes them; else a producer might, with other settings. */
  private void makeTopics() {
    List<String> datasets = List.of(stream.dataset());
    Brokers.ask(kafka, admin -> Topics.create(admin, datasets));
  }

  /** A record that this version cannot read may name the champion. */
  private History readable() {
    History history = History.read(kafka);
    List<Unread> unread =
        history.unread().stream().filter(one -> one.concerns(stream.name())).toList();
    Check.that(
        pastUnreadable || unread.isEmpty(),
        "stream %s: %d records cannot be read, and may name its champion: %s; if the job's version"
            + " is newer than this one, use that; else --past-unreadable passes them by, as the"
            + " job does, and the champion that is named now takes their place",
        stream.name(),
        unread.size(),
        unread);
    return history;
  }

  private Instant effective(History history, Optional<Champion> before, Optional<Instant> from) {
    Optional<Instant> issued = new IssueTimes(kafka, RECORDS).newest(stream.name());
    for (ModelEvent event : history.events(stream.name())) {
      if (event.issueTime() != null && issued.stream().noneMatch(event.issueTime()::isBefore)) {
        issued = Optional.of(event.issueTime());
      }
    }
    if (from.isEmpty() && before.isEmpty() && issued.isEmpty()) {
      return Champion.ALWAYS;
    }
    Instant last =
        later(
            issued.orElse(Champion.ALWAYS),
            before.map(Champion::effectiveFrom).orElse(Champion.ALWAYS));
    Instant since = issued.isPresent() ? last : later(last, clock.instant());
    from.ifPresent(asked -> check(asked, last, since));
    return from.orElseGet(() -> stream.timeAfter(last, 1));
  }

  /**
   * Timelines only grow: who is named for a time by mistake far ahead would keep everybody else
   * out, the tuner too, until it has come.
   *
   * @param last that is taken
   * @param since how far ahead it is counts from here
   */
  private void check(Instant asked, Instant last, Instant since) {
    Check.that(
        asked.isAfter(last),
        "stream %s: from %s on is too early: forecasts were issued, or a champion named,"
            + " up to %s; name a later time, or none for the next issue time",
        stream.name(),
        text(asked),
        text(last));
    Instant latest = later(since.plus(AHEAD), stream.timeAfter(since, STEPS_AHEAD));
    Check.that(
        !asked.isAfter(latest),
        "stream %s: from %s on is too far ahead: forecasts were issued, or a champion named, up to"
            + " %s, and nobody could be named for a time before; name one up to %s, or none for the"
            + " next issue time",
        stream.name(),
        text(asked),
        text(last),
        latest);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Change commit(
      ChampionWriter writer, Kind kind, Champion before, Champion next, String reason) {
    ModelEvent event =
        new ModelEvent(
            kind,
            clock.instant(),
            stream.name(),
            next.model(),
            next.weightsSha256(),
            next.effectiveFrom(),
            before == null ? null : before.weightsSha256(),
            null,
            reason,
            Map.of());
    writer.commit(List.of(event), next);
    return new Change(before, next, event);
  }

  /** A time for people: the beginning of all times has no date. */
  public static String text(Instant effectiveFrom) {
    return effectiveFrom.equals(Champion.ALWAYS)
        ? "the first issue time"
        : effectiveFrom.toString();
  }
}
