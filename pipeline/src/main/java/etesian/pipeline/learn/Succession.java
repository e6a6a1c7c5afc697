package etesian.pipeline.learn;

import etesian.ingest.wire.Binary;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.Champion.ChampionCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who serves a stream, as far as learning knows: the champion, those before it for when it fails,
 * and those that have failed.
 */
final class Succession {
  private static final int MOST_EARLIER = 16;
  private static final ChampionCodec CODEC = new ChampionCodec();

  private final String model;
  private Champion champion; // null until one is known
  private final NavigableMap<Instant, Champion> earlier = new TreeMap<>();
  private final Set<Champion> broken = new LinkedHashSet<>(); // those that have failed
  private final Set<String> replaced = new LinkedHashSet<>(); // by this one, before they served

  /**
   * @param model architecture of the stream
   */
  Succession(String model) {
    this.model = model;
  }

  Optional<Champion> champion() {
    return Optional.ofNullable(champion);
  }

  /** SHA-256 of the champion's weights; there must be one. */
  String weights() {
    return champion.weightsSha256();
  }

  /**
   * Of those that were known when the job was submitted, the newest that may serve. A restored job
   * has heard of later ones, and more of an issue time: what it knows of that counts.
   *
   * @param known one for each issue time, oldest first
   * @return empty when none is newer than the champion
   */
  Optional<Champion> newestOf(Collection<Champion> known) {
    return known.stream()
        .filter(one -> broken.stream().noneMatch(it -> isFrom(it, one.effectiveFrom())))
        .reduce((one, later) -> later)
        .filter(one -> champion == null || one.effectiveFrom().isAfter(champion.effectiveFrom()));
  }

  private static boolean isFrom(Champion one, Instant effectiveFrom) {
    return one.effectiveFrom().equals(effectiveFrom);
  }

  /** Those before the champion are there for when it fails. */
  void remember(Collection<Champion> known) {
    known.stream()
        .filter(one -> one.effectiveFrom().isBefore(champion.effectiveFrom()))
        .forEach(one -> earlier.putIfAbsent(one.effectiveFrom(), one));
    trim();
  }

  /** One that failed may be mended. */
  void tryAgain(Champion one) {
    broken.remove(alone(one));
  }

  /**
   * Whether it is to serve from now on: it is newer than the champion, or somebody named it for an
   * earlier issue time without knowing of the champion, which was on its way to the topic then. The
   * last word is theirs, and that of the topic, which holds one record of a stream.
   */
  boolean isNew(Champion one) {
    if (champion == null) {
      return true;
    }
    boolean isKnown = isOf(champion, one.weightsSha256()) || isReplaced(one);
    return !isKnown && (isLater(one) || isFrom(champion, one.effectiveFrom()) || !one.tuned());
  }

  /** Whether another of the same issue time has taken its place, or has followed it. */
  private boolean isReplaced(Champion one) {
    Champion then = earlier.get(one.effectiveFrom());
    return then != null && isOf(then, one.weightsSha256())
        || isFrom(champion, one.effectiveFrom()) && replaced.contains(one.weightsSha256());
  }

  private boolean isLater(Champion one) {
    return champion == null || one.effectiveFrom().isAfter(champion.effectiveFrom());
  }

  private static boolean isOf(Champion one, String sha256) {
    return one.weightsSha256().equals(sha256);
  }

  /** What tells it from others. */
  private static Champion alone(Champion one) {
    return new Champion(one.stream(), one.model(), one.weightsSha256(), one.effectiveFrom(), null);
  }

  /**
   * Takes one that was made elsewhere.
   *
   * @param nextIssueTime as in {@link #crown}
   * @return what the topic is to be told: the same weights, and who served before, from an issue
   *     time on at which no other champion takes over from them; empty when its own record says so
   */
  Optional<Champion> adopt(Champion one, Instant nextIssueTime) {
    boolean isComplete = isLater(one) && (champion == null || one.follows(champion));
    if (one.tuned() || isComplete) {
      replaced.clear();
      install(one);
      return Optional.empty();
    }
    Instant from = isLater(one) ? one.effectiveFrom() : notBefore(champion, nextIssueTime);
    return Optional.of(succeed(champion.givingWayTo(one, from)));
  }

  /**
   * Makes weights that were learned here champion.
   *
   * @param nextIssueTime no forecast has been issued there yet; of several successors between two
   *     fields the last one serves
   */
  Champion crown(String sha256, Instant nextIssueTime) {
    return succeed(champion.then(model, sha256, notBefore(champion, nextIssueTime)).byTuning());
  }

  private static Instant notBefore(Champion champion, Instant time) {
    return time.isBefore(champion.effectiveFrom()) ? champion.effectiveFrom() : time;
  }

  private Champion succeed(Champion crowned) {
    if (isFrom(champion, crowned.effectiveFrom())) {
      replaced.add(champion.weightsSha256());
      replaced.remove(crowned.weightsSha256());
    } else {
      replaced.clear();
    }
    install(crowned);
    return crowned;
  }

  private void install(Champion crowned) {
    if (champion != null) {
      earlier.put(champion.effectiveFrom(), champion);
    }
    crowned.before().forEach(one -> earlier.putIfAbsent(one.effectiveFrom(), one));
    earlier.tailMap(crowned.effectiveFrom(), true).clear();
    trim();
    champion = crowned;
  }

  private void trim() {
    while (earlier.size() > MOST_EARLIER) {
      earlier.pollFirstEntry();
    }
  }

  /**
   * The champion has failed: the newest one before it that has not serves on.
   *
   * @return whether there is one; else the champion stays
   */
  boolean fallBack() {
    earlier.values().removeIf(one -> isOf(one, weights()) || broken.contains(alone(one)));
    if (earlier.isEmpty()) {
      return false;
    }
    broken.add(alone(champion));
    champion = earlier.pollLastEntry().getValue();
    replaced.clear();
    return true;
  }

  /** A boolean whether there is a champion, and it; then those earlier, broken, replaced. */
  void write(DataOutput out) throws IOException {
    out.writeBoolean(champion != null);
    if (champion != null) {
      CODEC.write(champion, out);
    }
    write(earlier.values(), out);
    write(broken, out);
    out.writeInt(replaced.size());
    for (String sha256 : replaced) {
      Binary.text(sha256, out);
    }
  }

  private static void write(Collection<Champion> champions, DataOutput out) throws IOException {
    out.writeInt(champions.size());
    for (Champion one : champions) {
      CODEC.write(one, out);
    }
  }

  /**
   * @param version of {@link LearningCodec}: in 1 there is the champion alone
   */
  void read(int version, DataInput in) throws IOException {
    champion = in.readBoolean() ? CODEC.read(in) : null;
    if (version > 1) {
      champions(in).forEach(one -> earlier.put(one.effectiveFrom(), one));
      broken.addAll(champions(in));
      for (int left = in.readInt(); left > 0; left--) {
        replaced.add(Binary.text(in));
      }
    }
  }

  private static List<Champion> champions(DataInput in) throws IOException {
    List<Champion> champions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      champions.add(CODEC.read(in));
    }
    return champions;
  }
}
