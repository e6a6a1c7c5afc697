/**
 * The command line: one class a command, all below {@link etesian.ops.cli.Etesian}. Results go to
 * standard output, everything else to standard error; with {@code --json} standard output holds one
 * JSON value (for a stream: one a line) and nothing else.
 *
 * <p>Exit codes: 0 all is well, 1 something is not (a file could not be read, a case failed), 2 the
 * command was not understood.
 */
package etesian.ops.cli;
