package etesian.ops.evaluate;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.wire.Sha256;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Stack;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.GapPolicy;
import etesian.pipeline.settings.NetworkSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.settings.VerificationSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A weights file and the stream that its header describes. */
public final class OfflineModel {
  private static final String TRAINED_UNTIL = "lineage.last_time";

  private static final String HORIZON = "architecture.horizon";

  private final Weights weights;
  private final String sha256;
  private final StreamCard card;

  /**
   * @throws IllegalArgumentException when it is no safetensors file, or was not made for a stream
   */
  public OfflineModel(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    try {
      weights = SafeTensors.read(bytes);
    } catch (WeightsException e) {
      throw new WeightsException(file + ": " + e.getMessage(), e);
    }
    sha256 = Sha256.hex(bytes);
    card = StreamCard.of(weights);
  }

  public String sha256() {
    return sha256;
  }

  public String architecture() {
    return weights.metadata().getOrDefault("architecture", "unknown");
  }

  /** The last time that the weights have learned from, if their header tells. */
  public Optional<Instant> trainedUntil() {
    return Optional.ofNullable(weights.metadata().get(TRAINED_UNTIL)).map(Instant::parse);
  }

  /** Steps that the model answers at once, if it is made for a horizon. */
  public Optional<Integer> horizon() {
    return Optional.ofNullable(weights.metadata().get(HORIZON)).map(Integer::valueOf);
  }

  /**
   * The stream of the header: it issues at every step, and counts its steps from 1970 unless the
   * data do not lie on those.
   *
   * @param leads to verify, in steps
   * @param fields that it is to forecast from
   */
  public StreamSettings stream(List<Integer> leads, List<Field> fields) {
    return new StreamSettings(
        architecture(),
        "files",
        card.variables(),
        card.grid(),
        null,
        card.step(),
        card.history(),
        leads.stream().mapToInt(Integer::intValue).max().orElse(1),
        1,
        anchor(fields),
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        architecture(),
        leads,
        GapPolicy.WAIT,
        0,
        TuningSettings.OFF,
        null,
        VerificationSettings.DEFAULT,
        NetworkSettings.DEFAULT);
  }

  private Instant anchor(List<Field> fields) {
    TimeStep step = card.step();
    List<Instant> times = fields.stream().map(f -> f.frame().validAt()).sorted().toList();
    boolean aligned =
        times.stream()
            .allMatch(
                time -> step.plus(Instant.EPOCH, step.indexOf(Instant.EPOCH, time)).equals(time));
    return aligned ? Instant.EPOCH : times.get(0);
  }

  /** Whether the weights can serve a stream of a file of settings. */
  public boolean fits(StreamSettings stream) {
    return StreamCard.fits(weights, stream);
  }

  /** The stream with the grid of the weights, where it leaves that to them. */
  public StreamSettings complete(StreamSettings stream) {
    return stream.grid() == null ? stream.withGrid(card.grid()) : stream;
  }

  /**
   * The model in memory.
   *
   * @throws IllegalArgumentException when the weights are not for this stream; says what differs
   */
  public Loaded load(StreamSettings stream) {
    return new Loaded(stream, Forecasters.load(weights, stream));
  }

  /** A model in memory; for one thread. */
  public final class Loaded implements AutoCloseable {
    private final StreamSettings stream;
    private final Forecaster forecaster;

    private Loaded(StreamSettings stream, Forecaster forecaster) {
      this.stream = stream;
      this.forecaster = forecaster;
    }

    /**
     * Forecasts from several times at once.
     *
     * @param issueTimes at which the series {@link FieldSeries#issuesAt issues}
     * @param leads how far, in steps
     * @return for each issue time a forecast of each variable, in the order of the stream
     */
    public List<List<Forecast>> forecast(FieldSeries series, List<Instant> issueTimes, int leads) {
      List<List<List<Field>>> histories = new ArrayList<>();
      List<List<float[]>> frames = new ArrayList<>();
      for (Instant time : issueTimes) {
        Optional<List<List<Field>>> history = series.history(time);
        Check.that(history.isPresent(), "a gap in the history of %s", time);
        histories.add(history.get());
        List<float[]> came = FieldSeries.frames(history.get());
        frames.add(new ArrayList<>(came.stream().map(forecaster::observed).toList()));
      }
      for (int done = 0; done < leads; done += forecaster.leadsPerAdvance()) {
        List<Carry> batch = new ArrayList<>();
        for (int i = 0; i < issueTimes.size(); i++) {
          List<float[]> known = frames.get(i);
          batch.add(
              new Carry(
                  List.copyOf(known.subList(known.size() - stream.history(), known.size())),
                  stream.timeAfter(issueTimes.get(i), done)));
        }
        List<List<float[]>> next = forecaster.advance(batch);
        for (int i = 0; i < next.size(); i++) {
          frames.get(i).addAll(next.get(i));
        }
      }
      List<List<Forecast>> forecasts = new ArrayList<>();
      for (int i = 0; i < issueTimes.size(); i++) {
        List<float[]> all = frames.get(i);
        forecasts.add(
            forecasts(
                issueTimes.get(i),
                histories.get(i),
                all.subList(stream.history(), stream.history() + leads)));
      }
      return forecasts;
    }

    private List<Forecast> forecasts(
        Instant issueTime, List<List<Field>> history, List<float[]> frames) {
      int cells = stream.grid().cells();
      List<Field> newest = history.get(history.size() - 1);
      List<Origin> inputs =
          history.stream().flatMap(List::stream).map(Field::origin).distinct().toList();
      List<Forecast> forecasts = new ArrayList<>();
      for (int variable = 0; variable < newest.size(); variable++) {
        List<Forecast.Step> steps = new ArrayList<>();
        for (int lead = 1; lead <= frames.size(); lead++) {
          steps.add(
              new Forecast.Step(
                  lead,
                  stream.timeAfter(issueTime, lead),
                  Stack.layer(frames.get(lead - 1), variable, cells)));
        }
        forecasts.add(
            new Forecast(
                stream.name(),
                newest.get(variable).frame().variable(),
                stream.grid(),
                issueTime,
                0,
                steps,
                architecture(),
                sha256,
                inputs));
      }
      return forecasts;
    }

    @Override
    public void close() {
      forecaster.close();
    }
  }
}
