package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.pipeline.settings.StreamSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What weights were trained for, as their file's header says it.
 *
 * @param variable short name
 * @param units of the frames
 * @param grid of the frames
 * @param step between frames
 * @param history frames that a forecast starts from
 */
public record StreamCard(String variable, String units, Grid grid, TimeStep step, int history) {
  private static final String PREFIX = "stream.";

  /** The card of weights that a stream is to be trained. */
  public static StreamCard of(StreamSettings stream) {
    return new StreamCard(
        stream.variable(), stream.units(), stream.grid(), stream.step(), stream.history());
  }

  /**
   * @throws IllegalArgumentException when the weights were not made for a stream
   */
  public static StreamCard of(Weights weights) {
    return new StreamCard(
        read(weights, "variable"),
        read(weights, "units"),
        grid(read(weights, "grid")),
        TimeStep.parse(read(weights, "step")),
        Integer.parseInt(read(weights, "history")));
  }

  /** The entries of the header. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "variable", variable);
    metadata.put(PREFIX + "units", units);
    metadata.put(
        PREFIX + "grid",
        grid.rows()
            + " "
            + grid.columns()
            + " "
            + grid.northDegrees()
            + " "
            + grid.westDegrees()
            + " "
            + grid.rowStepDegrees()
            + " "
            + grid.columnStepDegrees());
    metadata.put(PREFIX + "step", step.toString());
    metadata.put(PREFIX + "history", Integer.toString(history));
    return metadata;
  }

  /**
   * @throws IllegalArgumentException when a stream cannot be served by these weights; says what
   *     differs
   */
  void check(StreamSettings stream) {
    StreamCard asked = of(stream);
    Check.that(
        equals(asked),
        "stream %s: the weights are for %s, the settings ask for %s; train weights for this stream"
            + " or name others",
        stream.name(),
        this,
        asked);
  }

  /**
   * Whether weights can serve a stream; a stream without a grid takes theirs. Weights that were
   * made for no stream serve none.
   */
  public static boolean fits(Weights weights, StreamSettings stream) {
    if (!weights.metadata().containsKey(PREFIX + "variable")) {
      return false;
    }
    StreamCard card = of(weights);
    return card.equals(of(stream.grid() == null ? stream.on(card.grid) : stream));
  }

  private static String read(Weights weights, String key) {
    String value = weights.metadata().get(PREFIX + key);
    Check.that(
        value != null,
        "weights without '%s%s' in their header: they were not trained for a stream; './etesian"
            + " train' makes such",
        PREFIX,
        key);
    return value;
  }

  private static Grid grid(String text) {
    String[] n = text.split(" ", -1);
    return new Grid(
        Integer.parseInt(n[0]),
        Integer.parseInt(n[1]),
        Double.parseDouble(n[2]),
        Double.parseDouble(n[3]),
        Double.parseDouble(n[4]),
        Double.parseDouble(n[5]));
  }
}
