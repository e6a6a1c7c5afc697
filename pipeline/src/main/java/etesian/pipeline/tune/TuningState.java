package etesian.pipeline.tune;

import etesian.ingest.wire.Binary;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.LearningCodec;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint holds of a stream that learns.
 *
 * <p>Version 3: grid and names of the variables, the lesson that goes on, learning, fields that
 * wait. All that comes before the fields is one array: who looks for the names of weights in a
 * checkpoint, byte by byte, finds each in one stretch. Version 2 has the lesson after learning.
 * Version 1, up to 0.1.0, says of no grid, and is of another one where its fields have another
 * length.
 *
 * @param learning where it stands
 * @param lesson state of the lesson that goes on, as its tutor names it; empty for none
 * @param waiting fields of times of which not all variables have come
 */
record TuningState(Learning learning, String lesson, WaitingFields waiting) {
  /** Bytes in one array of fields. */
  private static final int PIECE = 1 << 20;

  /** Of a stream that begins. */
  static TuningState of(StreamSettings stream) {
    return new TuningState(new Learning(stream, stream.tuning()), "", new WaitingFields(stream));
  }

  List<byte[]> write(StreamSettings stream) throws IOException {
    LearningCodec codec = new LearningCodec(stream, stream.tuning());
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(first)) {
      out.writeByte(3);
      Binary.text(card(stream), out);
      Binary.text(lesson, out);
      codec.writeDecisions(learning, out);
    }
    Pieces fields = new Pieces(PIECE);
    try (DataOutputStream out = new DataOutputStream(fields)) {
      codec.writeFields(learning, out);
      waiting.write(out);
    }
    List<byte[]> all = new ArrayList<>(List.of(first.toByteArray()));
    all.addAll(fields.pieces());
    return all;
  }

  /**
   * @return empty when what was learned from is of another grid or other variables than today's
   */
  static Optional<TuningState> read(Iterable<byte[]> pieces, StreamSettings stream)
      throws IOException {
    DataInputStream in = new DataInputStream(Pieces.joined(pieces));
    int version = Binary.version(in, 3, "the state of tuning");
    if (version > 1 && !Binary.text(in).equals(card(stream))) {
      return Optional.empty();
    }
    String lesson = version > 2 ? Binary.text(in) : "";
    Learning learning = new LearningCodec(stream, stream.tuning()).read(in);
    if (!learning.remembersItsStream()) {
      return Optional.empty();
    }
    lesson = version > 2 ? lesson : Binary.text(in);
    WaitingFields waiting = new WaitingFields(stream);
    waiting.read(in);
    return Optional.of(new TuningState(learning, lesson, waiting));
  }

  /** What the numbers of a field are of. */
  private static String card(StreamSettings stream) {
    Map<String, String> card = StreamCard.of(stream).metadata();
    return card.get("stream.variable") + " on " + card.get("stream.grid");
  }
}
