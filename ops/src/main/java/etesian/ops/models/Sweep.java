package etesian.ops.models;

import etesian.ingest.field.Check;
import etesian.ingest.kafka.Topics;
import etesian.operators.Weights;
import etesian.ops.models.History.Unread;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Registry;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.storage.Folder;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Which files of the store nobody names any more: candidates that were rejected, and what jobs left
 * that failed and repeated themselves. Only what a tuner has made from weights that these topics
 * know can go; first weights, weights from elsewhere, and those of another set-up in the same
 * folder stay. States of training go, too, of lessons that are over.
 *
 * <p>What rollouts name has served, and everything that ever served is named by {@code
 * etesian.models}, which is kept for ever. Candidates and states of training may be named by
 * checkpoints and savepoints, which are {@link SavedNames read}. Where a record or a file cannot be
 * read, or a topic is missing, nothing is swept, unless it is told to pass unreadable records by.
 */
public final class Sweep {
  private static final String UNKNOWN =
      "nothing is swept, as not everything that names weights is known: %s";

  private static final String PARENT = "lineage.parent";

  private final WeightsStore store;
  private final Set<String> keep; // weights, and states of training

  private Sweep(WeightsStore store, Set<String> keep) {
    this.store = store;
    this.keep = keep;
  }

  /**
   * @param saved folders of checkpoints and savepoints
   * @param pastUnreadable goes on beside records that cannot be read: the SHA-256 that they spell
   *     out stay
   * @throws IllegalArgumentException when the topics do not tell everything; says what is missing
   */
  public static Sweep of(
      KafkaSettings kafka, WeightsStore store, List<Folder> saved, boolean pastUnreadable) {
    List<String> gaps = Brokers.ask(kafka, Sweep::gaps);
    Check.that(gaps.isEmpty(), UNKNOWN, String.join("; ", gaps));
    History history = History.read(kafka);
    List<Unread> unread = history.unread().stream().filter(Unread::mayName).toList();
    Check.that(
        pastUnreadable || unread.isEmpty(),
        UNKNOWN
            + "; if the job's version is newer than this one, use that; else --past-unreadable"
            + " sweeps beside these records, and what they spell out stays",
        unread);
    Set<String> keep = new HashSet<>(Registry.named(history.champions(), history.events()));
    history.unread().forEach(record -> keep.addAll(record.named()));
    Set<String> known = new HashSet<>(keep);
    history.events().forEach(event -> known.add(event.weightsSha256()));
    for (String sha256 : store.newestFirst()) {
      if (!keep.contains(sha256) && !known.contains(parent(store, sha256))) {
        keep.add(sha256);
      }
    }
    Set<String> files = new HashSet<>(store.newestFirst());
    files.addAll(store.training().newestFirst());
    saved.forEach(folder -> keep.addAll(SavedNames.in(folder, files)));
    return new Sweep(store, keep);
  }

  /** SHA-256 of the weights that a file was tuned from; empty when it was not. */
  private static String parent(WeightsStore store, String sha256) {
    Weights weights;
    try {
      weights = store.get(sha256);
    } catch (IllegalArgumentException | UncheckedIOException damaged) {
      return ""; // for people to look at
    }
    return weights.metadata().getOrDefault(PARENT, "");
  }

  private static List<String> gaps(Admin admin) throws ExecutionException, InterruptedException {
    List<String> gaps = new ArrayList<>();
    for (String problem : Topics.problems(admin, List.of())) {
      if (problem.startsWith("topic " + Topics.MODELS)
          || problem.startsWith("topic " + Topics.CHAMPIONS)) {
        gaps.add(problem);
      }
    }
    if (gaps.isEmpty()) {
      TopicPartition models = new TopicPartition(Topics.MODELS, 0);
      long first =
          admin.listOffsets(Map.of(models, OffsetSpec.earliest())).all().get().get(models).offset();
      if (first > 0) {
        gaps.add("topic %s begins at offset %d".formatted(Topics.MODELS, first));
      }
    }
    return gaps;
  }

  /**
   * The files that nobody names.
   *
   * @param youngest files that were written within so long are left out: their event may be in a
   *     transaction that is not committed yet
   */
  public List<Folder.Entry> orphans(Duration youngest, Instant now) {
    return store.unnamed(keep, now.minus(youngest));
  }

  /**
   * States of training that nobody names, and what writers left that were killed.
   *
   * @param youngest files that were written within so long are left out: they may be in use
   */
  public List<Folder.Entry> leftovers(Duration youngest, Instant now) {
    Instant limit = now.minus(youngest);
    WeightsStore training = store.training();
    List<Folder.Entry> files = new ArrayList<>(store.halfWritten(limit));
    files.addAll(training.halfWritten(limit));
    files.addAll(training.unnamed(keep, limit));
    return files;
  }

  /** Deletes the {@link #orphans} and returns their SHA-256. */
  public List<String> delete(Duration youngest, Instant now) {
    return Registry.sweep(store, keep, youngest, now);
  }
}
