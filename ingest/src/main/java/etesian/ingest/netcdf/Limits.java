package etesian.ingest.netcdf;

import etesian.ingest.field.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import ucar.nc2.Variable;

/**
 * What a file may ask for, checked before memory is taken.
 *
 * @param maxBytes length of a file
 * @param maxElements values of all data variables of a file together
 * @param maxVariables variables in one file
 */
public record Limits(long maxBytes, long maxElements, int maxVariables) implements Serializable {
  /** 512 MiB, 100 million values (400 MB as fields), 1000 variables. */
  public static final Limits DEFAULT = new Limits(512L << 20, 100_000_000L, 1000);

  public Limits {
    Check.that(
        maxBytes > 0 && maxElements > 0 && maxVariables > 0,
        "limits are positive, got %d bytes, %d elements, %d variables",
        maxBytes,
        maxElements,
        maxVariables);
  }

  /** Refuses data variables that hold more than {@link #maxElements} values together. */
  void check(List<Variable> data, String name) throws Refusal {
    long total = 0;
    for (Variable variable : data) {
      long size = 1;
      for (int length : variable.getShape()) {
        // Lengths come from the file: their product may leave the range of long.
        size = size > maxElements ? size : size * Math.max(length, 0);
      }
      total += size;
      if (total > maxElements) {
        throw new Refusal(
            Refusal.Reason.TOO_LARGE,
            String.format(
                "%s holds more than %d values (%s has the shape %s); split it or raise the limit",
                name, maxElements, variable.getFullName(), Arrays.toString(variable.getShape())));
      }
    }
  }
}
