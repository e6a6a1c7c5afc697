package etesian.ops.console;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The browser of whoever sits before this machine, if anybody does. */
public final class Browser {
  private Browser() {}

  /** Asks for a page to be opened; that there is no screen or no browser is no error. */
  public static void open(URI page) {
    Optional<List<String>> command =
        command(System.getProperty("os.name", ""), System.getenv(), page.toString());
    if (command.isPresent()) {
      try {
        new ProcessBuilder(command.get())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
      } catch (IOException noBrowser) {
        return; // the address is on the terminal
      }
    }
  }

  static Optional<List<String>> command(
      String system, Map<String, String> environment, String page) {
    String name = system.toLowerCase(Locale.ROOT);
    if (environment.containsKey("SSH_CONNECTION") || environment.containsKey("CI")) {
      return Optional.empty(); // nobody sits there
    }
    if (name.startsWith("mac")) {
      return Optional.of(List.of("open", page));
    }
    if (name.startsWith("windows")) {
      return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", page));
    }
    boolean screen =
        environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
    return screen ? Optional.of(List.of("xdg-open", page)) : Optional.empty();
  }
}
