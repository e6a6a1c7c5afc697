package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Fields of a stream that wait for the other variables of their time. */
final class WaitingFields {
  private final StreamSettings stream;
  private final NavigableMap<Long, Map<String, Field>> waiting = new TreeMap<>(); // by time, name

  WaitingFields(StreamSettings stream) {
    this.stream = stream;
  }

  /**
   * Takes a field in; one of the same time and variable gives way unless it is better by {@link
   * Arrival}.
   *
   * @return all variables of its time, in the order of the stream, when it was the last
   */
  Optional<List<Field>> take(Field field) {
    long time = time(field);
    Map<String, Field> found = waiting.computeIfAbsent(time, none -> new HashMap<>());
    Field before = found.get(name(field));
    if (Arrival.of(field, before).counts() || field.revision() > before.revision()) {
      found.put(name(field), field);
    }
    List<Field> all = new ArrayList<>();
    for (StreamVariable variable : stream.variables()) {
      all.add(found.get(variable.name()));
    }
    boolean complete = !all.contains(null);
    if (complete) {
      waiting.remove(time);
    }
    while (waiting.size() > stream.fieldsKept()) {
      waiting.pollFirstEntry(); // one of its variables never came
    }
    return complete ? Optional.of(all) : Optional.empty();
  }

  private static long time(Field field) {
    return field.frame().validAt().toEpochMilli();
  }

  private static String name(Field field) {
    return field.frame().variable().name();
  }

  /** Their number, and they. */
  void write(DataOutput out) throws IOException {
    List<Field> fields =
        waiting.values().stream().flatMap(found -> found.values().stream()).toList();
    out.writeInt(fields.size());
    for (Field field : fields) {
      FieldCodec.INSTANCE.write(field, out);
    }
  }

  void read(DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      Field field = FieldCodec.INSTANCE.read(in);
      waiting.computeIfAbsent(time(field), none -> new HashMap<>()).put(name(field), field);
    }
  }
}
