package etesian.ingest.netcdf;

import java.io.IOException;
import java.util.Arrays;

/**
 * ERA5 experiment versions: 1 (or "0001") is final, 5 ("0005") the provisional ERA5T of the last
 * months.
 */
final class Revisions {
  static final int PROVISIONAL = 0;
  static final int FINAL = 1;

  private Revisions() {}

  /** Revision of each element of an {@code expver} variable of numbers, texts or characters. */
  static int[] of(FileVariable expver) throws IOException {
    String[] versions =
        expver.isText()
            ? expver.texts()
            : Arrays.stream(Values.read(expver).toArray())
                .mapToObj(version -> String.valueOf((long) version))
                .toArray(String[]::new);
    int[] revisions = new int[versions.length];
    for (int i = 0; i < revisions.length; i++) {
      boolean provisional = versions[i].strip().replaceFirst("^0+", "").equals("5");
      revisions[i] = provisional ? PROVISIONAL : FINAL;
    }
    return revisions;
  }
}
