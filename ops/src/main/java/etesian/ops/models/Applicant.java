package etesian.ops.models;

import etesian.ingest.field.Check;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights that are to serve a stream: a file, or a SHA-256 in the store.
 *
 * @param bytes the whole file
 */
record Applicant(byte[] bytes) {
  /** Of a SHA-256 that stands for one. */
  private static final int SHORTEST = 6;

  /**
   * @param named a file, or the SHA-256 of one in the store, or its beginning
   * @throws IllegalArgumentException when there is none, or several
   */
  static Applicant of(String named, WeightsStore store) {
    Path file = Path.of(named);
    if (Files.isRegularFile(file)) {
      return read(file);
    }
    boolean hash = named.matches("[0-9a-f]{" + SHORTEST + ",64}");
    List<String> found =
        hash
            ? store.newestFirst().stream().filter(sha256 -> sha256.startsWith(named)).toList()
            : List.of();
    Check.that(
        !found.isEmpty(),
        "no file '%s', and no weights of that SHA-256 in %s; name a .safetensors file, or at least"
            + " %d digits of a SHA-256 that 'etesian models show' lists",
        named,
        store,
        SHORTEST);
    Check.that(found.size() == 1, "'%s' begins several SHA-256 in %s: %s", named, store, found);
    return new Applicant(store.bytes(found.get(0))); // refuses what is damaged
  }

  private static Applicant read(Path file) {
    try {
      return new Applicant(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * Loads the weights as the job does and lets them forecast once, from the climatology that they
   * carry.
   *
   * @return their architecture
   * @throws IllegalArgumentException when they cannot serve the stream; says why
   */
  String check(StreamSettings stream) {
    Weights weights = SafeTensors.read(bytes);
    StreamCard card = StreamCard.of(weights);
    StreamSettings asked = stream.grid() == null ? stream.withGrid(card.grid()) : stream;
    try (Forecaster forecaster = Forecasters.load(weights, asked)) {
      List<float[]> frames = normal(Standardiser.of(weights), asked);
      Carry carry = new Carry(frames, asked.anchor());
      float[] like = frames.get(frames.size() - 1);
      for (float[] forecast : forecaster.advance(List.of(carry)).get(0)) {
        for (int cell = 0; cell < like.length; cell++) {
          Check.that(
              Float.isNaN(like[cell]) || Float.isFinite(forecast[cell]),
              "stream %s: the weights forecast %s in cell %d from their own climatology; were they"
                  + " trained to the end?",
              stream.name(),
              forecast[cell],
              cell);
        }
      }
    } catch (NumberFormatException e) {
      throw unfit(stream, e);
    } catch (IllegalArgumentException e) {
      throw e; // says what is wrong
    } catch (RuntimeException e) { // a damaged file may fail anywhere
      throw unfit(stream, e);
    }
    return weights.metadata().get("architecture");
  }

  private static IllegalArgumentException unfit(StreamSettings stream, RuntimeException e) {
    return new IllegalArgumentException(
        "stream %s: the weights cannot forecast: %s; tensors and header do not fit each other"
            .formatted(stream.name(), e.getMessage()),
        e);
  }

  /** The climatology in the place of a history. */
  private static List<float[]> normal(Standardiser standardiser, StreamSettings stream) {
    List<float[]> frames = new ArrayList<>();
    for (int back = stream.history() - 1; back >= 0; back--) {
      Instant time = stream.timeAfter(stream.anchor(), -back);
      frames.add(standardiser.climatologyAt(time));
    }
    return frames;
  }
}
