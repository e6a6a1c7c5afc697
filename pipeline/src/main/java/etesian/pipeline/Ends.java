package etesian.pipeline;

import etesian.ingest.field.Forecast;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.verify.Score;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/** Where the job's data comes from and goes to, so that a test runs the very same job. */
public interface Ends {
  /** The granules of a dataset, in the order of their topic. */
  Source<GranuleRecord, ?, ?> granules(String dataset);

  /** Champions as they are promoted. */
  Source<Champion, ?, ?> champions();

  Sink<Forecast> forecasts();

  Sink<Score> scores();

  Sink<DeadLetter> deadLetters();

  /** What happens to the weights of the streams. */
  Sink<ModelEvent> modelEvents();

  /**
   * Champions that the job itself promotes, which come back by {@link #champions}; asked for when a
   * stream learns.
   */
  Sink<Champion> promotions();
}
