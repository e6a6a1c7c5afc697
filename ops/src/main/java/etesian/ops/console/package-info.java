/**
 * The console: one page that shows what the topics say while it is said. {@code Feed} reads the
 * recent end of the topics as any consumer would, {@code Intake} opens each record, {@code Store}
 * keeps the newest within a limit of bytes, {@code Routes} answers with it, {@code Guard} says whom
 * and how. The page itself is plain HTML, CSS and modules in the resources beside this package;
 * nothing of it comes from the network, and nothing can be changed through it.
 */
package etesian.ops.console;
