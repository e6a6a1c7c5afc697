package etesian.ops.bench;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Poles;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Streams of {@link StreamGranules} and weights for them: untrained, as only time is measured. */
final class StreamModels {
  /** Fields that a forecast starts from. */
  static final int HISTORY = 2;

  private static final int DAYS_FOR_CLIMATOLOGY = 2;

  /** Of the output layer, so that a forecast differs from persistence but does not run away. */
  private static final float SMALL = 1e-3f;

  private StreamModels() {}

  /** A stream of one variable that issues each hour. */
  static StreamSettings stream(
      String name,
      String dataset,
      Variable variable,
      Grid grid,
      int horizon,
      List<Integer> verified) {
    return new StreamSettings(
        name,
        dataset,
        variable.name(),
        variable.units(),
        grid,
        new TimeStep.Fixed(StreamGranules.STEP),
        HISTORY,
        horizon,
        1,
        StreamGranules.START,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        verified);
  }

  /**
   * The network that {@code train} would begin with: two fields and the calendar to one field, 18
   * hidden channels, two blocks, up to three coarse levels; increments.
   */
  static Weights weights(StreamSettings stream) {
    Standardiser standardiser = standardiser(stream);
    Grid grid = stream.grid();
    Poles poles =
        grid.equals(StreamGranules.GLOBE) ? Poles.ON_ROWS : Poles.BETWEEN_ROWS; // no others here
    M2noSettings settings =
        M2noSettings.forGrid(
                Channels.CALENDAR.count(1, HISTORY, stream.step()),
                1,
                grid.rows(),
                grid.columns(),
                true,
                poles,
                stream.variables().get(0).isComponent() ? Set.of(0, 1) : Set.of())
            .withResidual(true);
    try (M2no operator = M2no.create(settings, 1)) {
      return Forecasters.complete(
          withOutput(operator.weights()),
          StreamCard.of(stream),
          Channels.CALENDAR,
          standardiser,
          Map.of());
    }
  }

  private static Weights withOutput(Weights fresh) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(fresh.tensors());
    Random random = new Random(2);
    tensors.computeIfPresent(
        "output_proj.weight",
        (name, zeros) -> {
          float[] values = new float[zeros.values().length];
          for (int i = 0; i < values.length; i++) {
            values[i] = SMALL * (float) random.nextGaussian();
          }
          return new Tensor(values, zeros.shape());
        });
    return new Weights(fresh.metadata(), tensors);
  }

  private static Standardiser standardiser(StreamSettings stream) {
    StreamGranules granules = new StreamGranules(stream.grid());
    List<Instant> times = new ArrayList<>();
    List<float[]> frames = new ArrayList<>();
    for (int hour = 0; hour < 24 * DAYS_FOR_CLIMATOLOGY; hour++) {
      times.add(granules.nextAt());
      granules
          .nextFields()
          .forEach(
              (variable, field) -> {
                if (variable.name().equals(stream.variables().get(0).name())) {
                  frames.add(field);
                }
              });
    }
    return Standardiser.fit(Harmonics.forStep(stream.step()), 1, times, frames);
  }
}
