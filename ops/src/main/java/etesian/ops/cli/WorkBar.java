package etesian.ops.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Long work on the terminal: a bar with the time that is left; one line elsewhere. */
final class WorkBar implements AutoCloseable {
  static final int STEPS = 1000;

  private final PrintWriter out;
  private final String work;
  private boolean begun;
  private ProgressBar bar; // null without a terminal

  WorkBar(PrintWriter out, String work) {
    this(out, work, true);
  }

  private WorkBar(PrintWriter out, String work, boolean begins) {
    this.out = out;
    this.work = work;
    if (begins) {
      begin();
    }
  }

  /** Shows nothing of work that never begins, as an earlier call has kept what comes of it. */
  static WorkBar ofWorkThatMayBeDone(PrintWriter out, String work) {
    return new WorkBar(out, work, false);
  }

  private void begin() {
    begun = true;
    bar = onTerminal(work);
    if (bar == null) {
      out.println(work + " …");
      out.flush();
    }
  }

  /** A bar of {@link #STEPS}, or null where nobody looks. */
  static ProgressBar onTerminal(String work) {
    return Terminal.present()
        ? new ProgressBarBuilder()
            .setTaskName(work)
            .setInitialMax(STEPS)
            .setStyle(ProgressBarStyle.ASCII)
            .build()
        : null;
  }

  /**
   * @param done share of the work
   */
  void at(double done) {
    if (!begun) {
      begin();
    }
    if (bar != null) {
      bar.stepTo(Math.round(done * STEPS));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
