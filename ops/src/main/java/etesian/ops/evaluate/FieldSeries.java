package etesian.ops.evaluate;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.pipeline.model.Stack;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The fields of a stream in time order, a time only with all its variables. */
public final class FieldSeries {
  private final StreamSettings stream;
  private final NavigableMap<Instant, List<Field>> byTime = new TreeMap<>();

  /**
   * @param fields in any order; of the same time and variable the highest revision counts
   * @throws IllegalArgumentException when none is of the stream; says what there is
   */
  public FieldSeries(StreamSettings stream, List<Field> fields) {
    this.stream = stream;
    Map<Instant, Map<String, Field>> found = new HashMap<>();
    for (Field field : fields) {
      if (stream.takes(field)) {
        found
            .computeIfAbsent(field.frame().validAt(), time -> new HashMap<>())
            .merge(
                field.frame().variable().name(),
                field,
                (before, other) -> other.revision() >= before.revision() ? other : before);
      }
    }
    List<String> names = stream.variables().stream().map(StreamVariable::name).toList();
    found.forEach(
        (time, variables) -> {
          if (variables.keySet().containsAll(names)) {
            byTime.put(time, names.stream().map(variables::get).map(stream::onGrid).toList());
          }
        });
    Check.that(
        !byTime.isEmpty(),
        "no field of %s on %s in the data, which has %s; name other files, or with -c a stream that"
            + " carries them to its grid",
        stream.variables().stream()
            .map(StreamVariable::toString)
            .collect(Collectors.joining(" with ")),
        stream.grid(),
        contents(fields));
  }

  private static String contents(List<Field> fields) {
    return fields.stream()
        .map(
            field ->
                "%s [%s] on %s"
                    .formatted(
                        field.frame().variable().name(),
                        field.frame().variable().units(),
                        field.frame().grid()))
        .distinct()
        .collect(Collectors.collectingAndThen(Collectors.joining("; "), s -> or(s, "none")));
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  public StreamSettings stream() {
    return stream;
  }

  public Grid grid() {
    return stream.grid();
  }

  /** Ascending. */
  public List<Instant> times() {
    return List.copyOf(byTime.keySet());
  }

  /** The fields of a time, in the order of the stream's variables. */
  public List<Field> at(Instant time) {
    return byTime.get(time);
  }

  /**
   * Whether the stream issues a forecast at a time: it is one of its issue times, and the history
   * has no gap.
   */
  public boolean issuesAt(Instant time) {
    long index = stream.step().indexOf(stream.anchor(), time);
    return stream.timeAfter(time, 0).equals(time)
        && Math.floorMod(index, stream.issueEvery()) == 0
        && history(time).isPresent();
  }

  /** The fields that a forecast of a time starts from, oldest first; empty in a gap. */
  Optional<List<List<Field>>> history(Instant time) {
    List<List<Field>> history = new ArrayList<>();
    for (int back = stream.history() - 1; back >= 0; back--) {
      List<Field> fields = byTime.get(stream.timeAfter(time, -back));
      if (fields == null) {
        return Optional.empty();
      }
      history.add(fields);
    }
    return Optional.of(history);
  }

  static List<float[]> frames(List<List<Field>> history) {
    return history.stream().map(Stack::of).toList();
  }
}
