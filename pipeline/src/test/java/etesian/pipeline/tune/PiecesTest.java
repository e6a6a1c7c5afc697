package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PiecesTest {
  @Property
  void whatWasWrittenIsReadWhateverThePiecesAre(
      @ForAll @IntRange(min = 1, max = 9) int length,
      @ForAll @Size(max = 5) List<@Size(max = 30) byte[]> writes)
      throws IOException {
    Pieces pieces = new Pieces(length);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] bytes : writes) {
      for (OutputStream out : List.of(pieces, whole)) {
        out.write(bytes);
        out.write(7);
      }
    }
    List<byte[]> found = pieces.pieces();
    assertThat(found).allMatch(piece -> piece.length <= length);
    assertThat(Pieces.joined(found).readAllBytes()).isEqualTo(whole.toByteArray());
  }

  @Test
  void nothingIsAPieceWithoutBytes() throws IOException {
    assertThat(Pieces.joined(new Pieces(4).pieces()).readAllBytes()).isEmpty();
  }
}
