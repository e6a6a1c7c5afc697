package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.Champion.ChampionCodec;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.ReplayBuffer.ReplayBufferCodec;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where learning stands, for one stream and its settings.
 *
 * <p>Version 2: buffer, detectors of errors, input and physics, champions, candidates and their
 * contest, champion before and its probation, counters. Version 1, up to 0.1.0, has no detector of
 * physics, and its bets begin anew; so do bets and detectors of other settings than today's.
 */
public final class LearningCodec implements Codec<Learning> {
  private static final long serialVersionUID = 1L;
  private static final ReplayBufferCodec BUFFER = new ReplayBufferCodec();
  private static final DriftDetectorCodec DRIFT = new DriftDetectorCodec();
  private static final PromotionTestCodec TEST = new PromotionTestCodec();
  private static final ChampionCodec CHAMPION = new ChampionCodec();

  private final StreamSettings stream;
  private final TuningSettings tuning;

  public LearningCodec(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
  }

  @Override
  public void write(Learning learning, DataOutput out) throws IOException {
    out.writeByte(2);
    BUFFER.write(learning.buffer, out);
    DRIFT.write(learning.errors, out);
    DRIFT.write(learning.input, out);
    DRIFT.write(learning.physics, out);
    write(learning.champion, out);
    write(learning.earlier.values(), out);
    write(learning.broken, out);
    out.writeInt(learning.replaced.size());
    for (String sha256 : learning.replaced) {
      Binary.text(sha256, out);
    }
    Binary.text(learning.candidate, out);
    if (!learning.candidate.isEmpty()) {
      TEST.write(learning.contest, out);
    }
    Binary.text(learning.next, out);
    out.writeLong(learning.nextFrom);
    out.writeBoolean(learning.trusted);
    Binary.text(learning.before, out);
    if (!learning.before.isEmpty()) {
      TEST.write(learning.probation, out);
      out.writeLong(learning.probationFrom);
    }
    out.writeLong(learning.newest);
    out.writeLong(learning.judged);
    out.writeInt(learning.sinceLesson);
    out.writeInt(learning.lessons);
    out.writeBoolean(learning.drifted);
  }

  private static void write(Champion champion, DataOutput out) throws IOException {
    out.writeBoolean(champion != null);
    if (champion != null) {
      CHAMPION.write(champion, out);
    }
  }

  private static void write(Collection<Champion> champions, DataOutput out) throws IOException {
    out.writeInt(champions.size());
    for (Champion one : champions) {
      CHAMPION.write(one, out);
    }
  }

  private static List<Champion> champions(DataInput in) throws IOException {
    List<Champion> champions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      champions.add(CHAMPION.read(in));
    }
    return champions;
  }

  /** One of another rule begins anew. */
  private static DriftDetector detector(DataInput in) throws IOException {
    DriftDetector stored = DRIFT.read(in);
    return stored.isOf(DriftDetector.Rule.DEFAULT)
        ? stored
        : new DriftDetector(DriftDetector.Rule.DEFAULT);
  }

  /** Bets by another rule or on other leads begin anew. */
  private static PromotionTest bets(Learning learning, DataInput in) throws IOException {
    PromotionTest stored = TEST.read(in);
    PromotionTest today = learning.test();
    return stored.isLike(today) ? stored : today;
  }

  private static Champion champion(DataInput in) throws IOException {
    return in.readBoolean() ? CHAMPION.read(in) : null;
  }

  @Override
  public Learning read(DataInput in) throws IOException {
    int version = Binary.version(in, 2, "the learning of a stream");
    Learning learning = new Learning(stream, tuning);
    ReplayBuffer stored = BUFFER.read(in);
    Check.that(
        stored.isOf(learning.buffer),
        "stream %s: what was remembered has another shape than the settings ask for; history,"
            + " horizon, verified leads, replay_mebibytes and seed stay, or the stream gets"
            + " another name",
        stream.name());
    learning.buffer = stored;
    learning.errors = detector(in);
    learning.input = detector(in);
    learning.physics = version < 2 ? learning.physics : detector(in);
    learning.champion = champion(in);
    if (version == 1) {
      readContests1(learning, in);
    } else {
      readContests(learning, in);
    }
    learning.newest = in.readLong();
    learning.judged = in.readLong();
    learning.sinceLesson = in.readInt();
    learning.lessons = in.readInt();
    learning.drifted = in.readBoolean();
    return learning;
  }

  private static void readContests(Learning learning, DataInput in) throws IOException {
    champions(in).forEach(one -> learning.earlier.put(one.effectiveFrom(), one));
    learning.broken.addAll(champions(in));
    for (int left = in.readInt(); left > 0; left--) {
      learning.replaced.add(Binary.text(in));
    }
    learning.candidate = Binary.text(in);
    if (!learning.candidate.isEmpty()) {
      learning.contest = bets(learning, in);
    }
    learning.next = Binary.text(in);
    learning.nextFrom = in.readLong();
    learning.trusted = in.readBoolean();
    learning.before = Binary.text(in);
    if (!learning.before.isEmpty()) {
      learning.probation = bets(learning, in);
      learning.probationFrom = in.readLong();
    }
  }

  /** The candidate waits for its first window again, which it may have had. */
  private static void readContests1(Learning learning, DataInput in) throws IOException {
    learning.next = Binary.text(in);
    if (!learning.next.isEmpty()) {
      learning.nextFrom = in.readLong();
      PromotionTestCodec.skipVersion1(in);
    }
    learning.before = Binary.text(in);
    if (!learning.before.isEmpty()) {
      PromotionTestCodec.skipVersion1(in);
      learning.probation = learning.test();
      learning.probationFrom = learning.stepOf(learning.champion.effectiveFrom());
    }
  }
}
