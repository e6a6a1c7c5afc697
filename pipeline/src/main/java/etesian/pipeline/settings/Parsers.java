package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.util.Set;
import java.util.function.Function;

/** What the text of a setting may say; refused text is an {@link IllegalArgumentException}. */
final class Parsers {
  private Parsers() {}

  static boolean yesOrNo(String text) {
    Check.that(Set.of("true", "false").contains(text), "'%s' is not one of true, false", text);
    return text.equals("true");
  }

  static int between(String text, int least, int most) {
    int value = Integer.parseInt(text);
    Check.that(value >= least && value <= most, "'%s' is not from %d to %d", text, least, most);
    return value;
  }

  static double between(String text, double least, double most) {
    double value = Double.parseDouble(text);
    Check.that(value >= least && value <= most, "'%s' is not from %s to %s", text, least, most);
    return value;
  }

  /** A text that fits a pattern; the rule says why others do not. */
  static Function<String, String> matching(String pattern, String rule) {
    return text -> {
      Check.that(text.matches(pattern), "'%s': %s", text, rule);
      return text;
    };
  }
}
