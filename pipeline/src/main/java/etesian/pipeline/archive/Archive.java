package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.core.fs.Path;

/** A form that whole forecasts are kept in. Writer and committer have a copy each. */
interface Archive extends Serializable {
  /** Where it lies. */
  Path root();

  /**
   * Called before anything is written.
   *
   * @throws IOException when the root cannot be written
   * @throws IllegalStateException when what lies there does not go with the streams of the job
   */
  void open() throws IOException;

  /**
   * Writes a forecast with all its leads where no reader looks.
   *
   * @param folder of this writer alone, below {@link #root}
   * @return the file or folder that was made, a new one each time
   */
  Path stage(Forecast whole, Path folder) throws IOException;

  /**
   * Makes staged forecasts visible. What was committed before stays as it is.
   *
   * @param staged of one checkpoint, in the same order each time that it is tried
   */
  void commit(List<Staged> staged) throws IOException;
}
