package etesian.ingest.netcdf;

import etesian.ingest.field.Check;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a file may ask for, checked before memory is taken.
 *
 * @param maxBytes length of a file; of what a ZIP archive holds, too
 * @param maxElements values of all variables of a file together, and of one chunk; a field counts
 *     as at least 50
 * @param maxVariables variables in one file
 * @param maxAttributes attributes in one file
 * @param maxNesting depth of groups
 * @param maxExpansion bytes of values for each byte of the file; a mebibyte is always allowed
 */
public record Limits(
    long maxBytes,
    long maxElements,
    int maxVariables,
    int maxAttributes,
    int maxNesting,
    int maxExpansion)
    implements Serializable {
  /**
   * 512 MiB, 100 million values (400 MB as fields), 1000 variables, 20 000 attributes, groups 8
   * deep, 1100 bytes of values a byte (deflate reaches 1032).
   */
  public static final Limits DEFAULT = new Limits(512L << 20, 100_000_000L, 1000, 20_000, 8, 1100);

  private static final long ALWAYS = 1 << 20;

  /** What a field takes beside its values, in values. */
  private static final long VALUES_OF_A_FIELD = 50;

  public Limits {
    Check.that(
        maxBytes > 0
            && maxBytes <= Integer.MAX_VALUE
            && maxElements > 0
            && maxElements <= Integer.MAX_VALUE
            && maxVariables > 0
            && maxAttributes > 0
            && maxNesting > 0
            && maxExpansion > 0,
        "limits are positive, bytes and values at most %d, got %d bytes, %d values, %d variables,"
            + " %d attributes, %d groups deep, expansion %d",
        Integer.MAX_VALUE,
        maxBytes,
        maxElements,
        maxVariables,
        maxAttributes,
        maxNesting,
        maxExpansion);
  }

  /** These limits with another number of values. */
  public Limits withMaxElements(long values) {
    return new Limits(maxBytes, values, maxVariables, maxAttributes, maxNesting, maxExpansion);
  }

  /** These limits with another number of bytes. */
  public Limits withMaxBytes(long bytes) {
    return new Limits(bytes, maxElements, maxVariables, maxAttributes, maxNesting, maxExpansion);
  }

  void checkBytes(long bytes, String name) throws Refusal {
    if (bytes > maxBytes) {
      throw tooLarge("%s has %d bytes, the limit is %d", name, bytes, maxBytes);
    }
  }

  /**
   * Refuses a file whose variables are too many or too large, among them those that describe: a
   * time axis is read as a whole, too.
   */
  void check(List<FileVariable> variables, long fileBytes, String name) throws Refusal {
    checkVariables(variables.size(), name);
    checkAttributes(variables.stream().mapToLong(FileVariable::attributes).sum(), name);
    long values = 0;
    long bytes = 0;
    for (FileVariable variable : variables) {
      long size = 1;
      for (int length : variable.shape()) {
        // Lengths come from the file: their product may leave the range of long.
        // A length of 0 makes the others no smaller.
        size = size > maxElements ? size : size * Math.max(length, 1);
      }
      values += size;
      bytes += size * variable.type().width();
      if (values > maxElements) {
        throw tooLarge(
            "%s holds more than %d values (%s has the shape %s)",
            name, maxElements, variable.fullName(), Arrays.toString(variable.shape()));
      }
    }
    checkExpansion(bytes, fileBytes, name);
  }

  void checkVariables(long variables, String name) throws Refusal {
    if (variables > maxVariables) {
      throw tooLarge("%s has %d variables, the limit is %d", name, variables, maxVariables);
    }
  }

  void checkAttributes(long attributes, String name) throws Refusal {
    if (attributes > maxAttributes) {
      throw tooLarge("%s has %d attributes, the limit is %d", name, attributes, maxAttributes);
    }
  }

  /** Refuses more fields than there is memory for, however few values each has. */
  void checkFields(long fields, String name) throws Refusal {
    if (fields > maxElements / VALUES_OF_A_FIELD) {
      throw tooLarge(
          "%s holds %d fields, the limit is %d", name, fields, maxElements / VALUES_OF_A_FIELD);
    }
  }

  /** Refuses chunks that are longer than what they are part of may be. */
  void checkChunk(int[] lengths, long width, long fileBytes, String name) throws Refusal {
    long bytes = width;
    for (int length : lengths) {
      bytes = bytes > Integer.MAX_VALUE ? bytes : bytes * Math.max(length, 0);
    }
    if (bytes / width > maxElements) {
      throw tooLarge(
          "%s has a chunk of %s values, the limit is %d",
          name, Arrays.toString(lengths), maxElements);
    }
    checkExpansion(bytes, fileBytes, name);
  }

  /** Refuses more bytes of values, or of a chunk of them, than so short a file can hold. */
  void checkExpansion(long bytes, long fileBytes, String name) throws Refusal {
    if (bytes > ALWAYS && bytes / maxExpansion > fileBytes) {
      throw tooLarge(
          "%s has %d bytes that stand for %d bytes of values, more than %d times as many",
          name, fileBytes, bytes, maxExpansion);
    }
  }

  static Refusal tooLarge(String message, Object... arguments) {
    return new Refusal(
        Refusal.Reason.TOO_LARGE,
        String.format(message, arguments) + "; split it, select less, or raise the limit");
  }
}
