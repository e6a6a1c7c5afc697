package etesian.pipeline.window;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.FieldCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forecast starts from.
 *
 * @param stream name of the stream
 * @param issueTime forecast reference time: the valid time of the newest member
 * @param revision 0 for the first window of its issue time; counts up when late or better fields
 *     change it
 * @param held fields that were missing, and that the one before the gap stands in for
 * @param frames for each member, oldest first, the field of each variable in the order of the
 *     stream; in a gap the same field again
 */
public record FieldWindow(
    String stream, Instant issueTime, int revision, int held, List<Field> frames) {
  public FieldWindow {
    Check.that(!frames.isEmpty(), "a window has at least one field");
    frames = List.copyOf(frames);
    Check.that(
        frames.size() % variables(frames) == 0,
        "%d fields of %d variables are no window",
        frames.size(),
        variables(frames));
  }

  /** The first window of an issue time, complete. */
  public FieldWindow(String stream, List<Field> frames) {
    this(stream, frames.get(frames.size() - 1).frame().validAt(), 0, 0, frames);
  }

  private static int variables(List<Field> frames) {
    return (int) frames.stream().map(field -> field.frame().variable().name()).distinct().count();
  }

  /** The fields of each member, one of each variable; the oldest member first. */
  public List<List<Field>> members() {
    int variables = variables(frames);
    List<List<Field>> members = new ArrayList<>();
    for (int i = 0; i < frames.size(); i += variables) {
      members.add(frames.subList(i, i + variables));
    }
    return members;
  }

  /** The fields of the newest member. */
  public List<Field> newest() {
    return frames.subList(frames.size() - variables(frames), frames.size());
  }

  FieldWindow withRevision(int other) {
    return new FieldWindow(stream, issueTime, other, held, frames);
  }

  /** Whether a field is in it. */
  boolean uses(Frame frame) {
    return frames.stream()
        .map(Field::frame)
        .anyMatch(
            used ->
                used.validAt().equals(frame.validAt())
                    && used.variable().name().equals(frame.variable().name()));
  }

  /**
   * Version 1: stream, count, fields. Version 2: stream, issue time, revision, held, count, fields.
   */
  public static final class WindowCodec implements Codec<FieldWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(FieldWindow window, DataOutput out) throws IOException {
      out.writeByte(2);
      Binary.text(window.stream, out);
      Binary.instant(window.issueTime, out);
      out.writeInt(window.revision);
      out.writeInt(window.held);
      out.writeInt(window.frames.size());
      for (Field field : window.frames) {
        FieldCodec.INSTANCE.write(field, out);
      }
    }

    @Override
    public FieldWindow read(DataInput in) throws IOException {
      int version = Binary.version(in, 2, "a window");
      String stream = Binary.text(in);
      if (version == 1) {
        return new FieldWindow(stream, frames(in));
      }
      return new FieldWindow(stream, Binary.instant(in), in.readInt(), in.readInt(), frames(in));
    }

    private static List<Field> frames(DataInput in) throws IOException {
      int count = in.readInt();
      List<Field> frames = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        frames.add(FieldCodec.INSTANCE.read(in));
      }
      return frames;
    }
  }
}
