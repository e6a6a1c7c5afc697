package etesian.ops.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time in UTC, as settings write it: {@code 2026-01-31} or {@code 2026-01-31T06:00:00Z}. */
final class TimeConverter implements ITypeConverter<Instant> {
  private static final int DATE = 10;

  @Override
  public Instant convert(String text) {
    try {
      return Instant.parse(text.length() == DATE ? text + "T00:00:00Z" : text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' is no time; write 2026-01-31 or 2026-01-31T06:00:00Z");
    }
  }
}
