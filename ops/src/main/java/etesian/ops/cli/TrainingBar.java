package etesian.ops.cli;

import etesian.pipeline.tune.FirstWeights;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;

/** Training on the terminal: a bar with the time that is left; a line at its end elsewhere. */
final class TrainingBar implements FirstWeights.Progress, AutoCloseable {
  private final PrintWriter out;
  private ProgressBar bar; // null without a terminal
  private String stream;
  private double loss = Double.NaN;

  TrainingBar(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void report(String name, double done, double validationLoss) {
    if (!name.equals(stream)) {
      close();
      stream = name;
      bar = WorkBar.onTerminal("training " + name);
    }
    loss = validationLoss;
    if (bar != null) {
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f", validationLoss));
      bar.stepTo(Math.round(done * WorkBar.STEPS));
    }
    if (done == 1) {
      close();
    }
  }

  /** Ends the bar of the stream that was trained last. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    if (stream != null) {
      out.printf(Locale.ROOT, "trained %s: validation loss %.4f%n", stream, loss);
      out.flush();
      stream = null;
    }
  }
}
