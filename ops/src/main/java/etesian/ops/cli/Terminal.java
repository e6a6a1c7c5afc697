package etesian.ops.cli;

/** Whether somebody looks at standard error: only then are progress bars drawn. */
final class Terminal {
  private Terminal() {}

  /** The start script knows; Java itself says yes without a terminal from version 22 on. */
  static boolean present() {
    return Boolean.getBoolean("etesian.terminal");
  }
}
