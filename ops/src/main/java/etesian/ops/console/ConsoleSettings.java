package etesian.ops.console;

import etesian.pipeline.settings.PipelineSettings;
import java.util.List;
import java.util.Optional;

/**
 * What a console shows, and to whom.
 *
 * @param pipeline brokers, streams, and where weights lie
 * @param host name or address to listen on; loopback when it is {@value #LOOPBACK}
 * @param port 0 for any free one
 * @param names host names that a browser may ask for besides the {@code host}, {@code localhost}
 *     and plain addresses: any other is refused, so that no foreign name can be made to point here
 * @param issues issue times kept for each variable of each stream
 * @param bytes of all fields kept, forecasts and observations together
 * @param notice above all else on the page, for instance that the data are simulated
 */
public record ConsoleSettings(
    PipelineSettings pipeline,
    String host,
    int port,
    List<String> names,
    int issues,
    long bytes,
    Optional<String> notice) {

  public static final String LOOPBACK = "127.0.0.1";

  /** The usual port. */
  public static final int PORT = 8090;

  public static final int ISSUES = 24;
  public static final long BYTES = 256L << 20;

  public ConsoleSettings {
    names = List.copyOf(names);
    if (issues < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "a console keeps at least one issue time and one byte, got %d and %d"
              .formatted(issues, bytes));
    }
  }

  /** On loopback, with the usual limits. */
  public static ConsoleSettings of(PipelineSettings pipeline, int port, Optional<String> notice) {
    return new ConsoleSettings(pipeline, LOOPBACK, port, List.of(), ISSUES, BYTES, notice);
  }
}
