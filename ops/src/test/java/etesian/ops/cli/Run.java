package etesian.ops.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that was run, and what it said. */
record Run(int exitCode, String out, String err) {
  static Run of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine etesian = Etesian.commandLine();
    etesian.setOut(new PrintWriter(out, true));
    etesian.setErr(new PrintWriter(err, true));
    return new Run(etesian.execute(arguments), out.toString(), err.toString());
  }
}
