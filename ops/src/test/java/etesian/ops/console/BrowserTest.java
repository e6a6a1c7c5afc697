package etesian.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowserTest {
  private static final String PAGE = "http://127.0.0.1:8090/";

  @Test
  void isAskedForOnlyWhereSomebodySits() {
    assertThat(Browser.command("Linux", Map.of(), PAGE)).isEmpty();
    assertThat(Browser.command("Linux", Map.of("DISPLAY", ":0", "SSH_CONNECTION", "x"), PAGE))
        .isEmpty();
    assertThat(Browser.command("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0"), PAGE))
        .hasValue(List.of("xdg-open", PAGE));
    assertThat(Browser.command("Mac OS X", Map.of(), PAGE)).hasValue(List.of("open", PAGE));
  }
}
