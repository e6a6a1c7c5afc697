package etesian.ops.cli;

/** What people see where they typed the command. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether somebody looks at standard error: only then are progress bars drawn. The start script
   * knows; Java itself says yes without a terminal from version 22 on.
   */
  static boolean present() {
    return Boolean.getBoolean("etesian.terminal");
  }

  /** What others wrote, with question marks for control characters: a terminal would obey them. */
  static String harmless(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }
}
