package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Units;
import etesian.operators.Weights;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What weights were trained for, as their file's header says it.
 *
 * @param variables of a frame, their units in the one spelling of {@link Units}
 * @param grid of the frames
 * @param step between frames
 * @param history frames that a forecast starts from
 */
public record StreamCard(List<StreamVariable> variables, Grid grid, TimeStep step, int history) {
  private static final String PREFIX = "stream.";

  /** Numbers that describe a grid with even rows. */
  private static final int EVEN_GRID = 6;

  public StreamCard {
    variables =
        variables.stream()
            .map(v -> new StreamVariable(v.name(), Units.canonical(v.units())))
            .toList();
  }

  /** The card of weights that a stream is to be trained. */
  public static StreamCard of(StreamSettings stream) {
    return new StreamCard(stream.variables(), stream.grid(), stream.step(), stream.history());
  }

  /**
   * @throws IllegalArgumentException when the weights were not made for a stream
   */
  public static StreamCard of(Weights weights) {
    return new StreamCard(
        variables(read(weights, "variable"), read(weights, "units")),
        grid(read(weights, "grid")),
        TimeStep.parse(read(weights, "step")),
        Integer.parseInt(read(weights, "history")));
  }

  /** The entries of the header. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "variable", joined(StreamVariable::name));
    metadata.put(PREFIX + "units", joined(StreamVariable::units));
    metadata.put(PREFIX + "grid", text(grid));
    metadata.put(PREFIX + "step", step.toString());
    metadata.put(PREFIX + "history", Integer.toString(history));
    return metadata;
  }

  private String joined(Function<StreamVariable, String> part) {
    return variables.stream().map(part).collect(Collectors.joining(","));
  }

  private static List<StreamVariable> variables(String names, String units) {
    String[] name = names.split(",", -1);
    String[] unit = units.split(",", -1);
    Check.that(
        name.length == unit.length, "weights for '%s' in units of '%s', one of each", names, units);
    return IntStream.range(0, name.length)
        .mapToObj(i -> new StreamVariable(name[i], unit[i]))
        .toList();
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
    return card.equals(of(stream.grid() == null ? stream.withGrid(card.grid) : stream));
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

  /** Rows, columns, north, west, row step, column step; then the latitudes of uneven rows. */
  private static String text(Grid grid) {
    StringJoiner text = new StringJoiner(" ");
    text.add(Integer.toString(grid.rows())).add(Integer.toString(grid.columns()));
    text.add(Double.toString(grid.northDegrees())).add(Double.toString(grid.westDegrees()));
    text.add(Double.toString(grid.rowStepDegrees()));
    text.add(Double.toString(grid.columnStepDegrees()));
    if (!grid.hasEvenRows()) {
      for (double latitude : grid.latitudes()) {
        text.add(Double.toString(latitude));
      }
    }
    return text.toString();
  }

  private static Grid grid(String text) {
    String[] n = text.split(" ", -1);
    Check.that(
        n.length >= EVEN_GRID,
        "weights with '%sgrid: %s' in their header, which is rows, columns, north, west, row step"
            + " and column step",
        PREFIX,
        text);
    if (n.length > EVEN_GRID) {
      double[] latitudes =
          Arrays.stream(n).skip(EVEN_GRID).mapToDouble(Double::parseDouble).toArray();
      return Grid.ofRows(
          latitudes, Integer.parseInt(n[1]), Double.parseDouble(n[3]), Double.parseDouble(n[5]));
    }
    return new Grid(
        Integer.parseInt(n[0]),
        Integer.parseInt(n[1]),
        Double.parseDouble(n[2]),
        Double.parseDouble(n[3]),
        Double.parseDouble(n[4]),
        Double.parseDouble(n[5]));
  }
}
