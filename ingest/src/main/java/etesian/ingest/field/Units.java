package etesian.ingest.field;

import java.util.Locale;
import java.util.Map;

/**
 * One spelling for each unit, so that files of several producers are one series: {@code degC} for
 * "Celsius", "degree_C" and "deg C", {@code m s-1} for "m s**-1" and "m/s". Values are never
 * converted.
 */
public final class Units {
  private static final Map<String, String> SPELLINGS =
      Map.ofEntries(
          Map.entry("kelvin", "K"),
          Map.entry("kelvins", "K"),
          Map.entry("degk", "K"),
          Map.entry("deg_k", "K"),
          Map.entry("degree_kelvin", "K"),
          Map.entry("degrees_kelvin", "K"),
          Map.entry("c", "degC"),
          Map.entry("celsius", "degC"),
          Map.entry("degc", "degC"),
          Map.entry("deg_c", "degC"),
          Map.entry("degree_c", "degC"),
          Map.entry("degrees_c", "degC"),
          Map.entry("degree_celsius", "degC"),
          Map.entry("degrees_celsius", "degC"),
          Map.entry("deg_celsius", "degC"),
          Map.entry("degreec", "degC"),
          Map.entry("degreesc", "degC"),
          Map.entry("°c", "degC"),
          Map.entry("ºc", "degC"), // the ordinal sign, next to the other on some keyboards
          Map.entry("℃", "degC"),
          Map.entry("pascal", "Pa"),
          Map.entry("pascals", "Pa"),
          Map.entry("hectopascal", "hPa"),
          Map.entry("hectopascals", "hPa"),
          Map.entry("millibar", "hPa"),
          Map.entry("millibars", "hPa"),
          Map.entry("mbar", "hPa"),
          Map.entry("mb", "hPa"),
          Map.entry("m/s", "m s-1"),
          Map.entry("m_s-1", "m s-1"),
          Map.entry("m_s^-1", "m s-1"),
          Map.entry("m.s-1", "m s-1"),
          Map.entry("meter/second", "m s-1"),
          Map.entry("meters/second", "m s-1"),
          Map.entry("metre", "m"),
          Map.entry("metres", "m"),
          Map.entry("meter", "m"),
          Map.entry("meters", "m"),
          Map.entry("percent", "%"),
          Map.entry("(0_-_1)", "1"));

  private Units() {}

  /** The one spelling of a unit; what is not known stays as it is written. */
  public static String canonical(String written) {
    String key = written.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", "_");
    return SPELLINGS.getOrDefault(key, written.strip().replace("**", ""));
  }
}
