package etesian.ingest.netcdf;

import java.io.IOException;
import ucar.ma2.Array;
import ucar.ma2.ArrayChar;
import ucar.ma2.DataType;
import ucar.nc2.Variable;

/**
 * ERA5 experiment versions: 1 (or "0001") is final, 5 ("0005") the provisional ERA5T of the last
 * months.
 */
final class Revisions {
  static final int PROVISIONAL = 0;
  static final int FINAL = 1;

  private Revisions() {}

  /** Revision of each element of an {@code expver} variable of numbers, texts or characters. */
  static int[] of(Variable expver) throws IOException {
    Array array = expver.read();
    if (array.getElementType() == char.class) {
      array = ((ArrayChar) array).make1DStringArray();
    }
    int[] revisions = new int[(int) array.getSize()];
    boolean text = expver.getDataType() == DataType.STRING || expver.getDataType() == DataType.CHAR;
    for (int i = 0; i < revisions.length; i++) {
      String value = text ? String.valueOf(array.getObject(i)) : String.valueOf(array.getLong(i));
      revisions[i] = value.strip().replaceFirst("^0+", "").equals("5") ? PROVISIONAL : FINAL;
    }
    return revisions;
  }
}
