package etesian.ingest.netcdf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A CDF-1 file of packed variables over time, latitude and longitude; times are records or not. */
final class RecordFile {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private RecordFile() {}

  /**
   * @param shape times, rows, columns
   * @param values of each variable
   */
  static byte[] bytes(int[] shape, short[][] values, boolean records) {
    int begin = header(shape, values.length, records, 0).length;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(header(shape, values.length, records, begin));
    for (int d = 1; d < 3; d++) {
      file.writeBytes(axis(shape[d]));
    }
    int cells = shape[1] * shape[2];
    if (records) {
      for (int t = 0; t < shape[0]; t++) {
        file.writeBytes(ByteBuffer.allocate(4).putInt(t).array());
        for (short[] one : values) {
          file.writeBytes(padded(one, t * cells, cells));
        }
      }
    } else {
      for (int t = 0; t < shape[0]; t++) {
        file.writeBytes(ByteBuffer.allocate(4).putInt(t).array());
      }
      for (short[] one : values) {
        file.writeBytes(padded(one, 0, one.length));
      }
    }
    return file.toByteArray();
  }

  private static byte[] axis(int length) {
    ByteBuffer axis = ByteBuffer.allocate(4 * length);
    for (int i = 0; i < length; i++) {
      axis.putInt(i);
    }
    return axis.array();
  }

  private static byte[] padded(short[] values, int from, int count) {
    ByteBuffer padded = ByteBuffer.allocate((2 * count + 3) / 4 * 4);
    for (int i = 0; i < count; i++) {
      padded.putShort(values[from + i]);
    }
    return padded.array();
  }

  private static byte[] header(int[] shape, int variables, boolean records, int length) {
    RecordFile file = new RecordFile();
    file.out.writeBytes(new byte[] {'C', 'D', 'F', 1});
    file.number(records ? shape[0] : 0);
    file.number(10);
    file.number(3);
    String[] names = {"time", "lat", "lon"};
    for (int d = 0; d < 3; d++) {
      file.name(names[d]);
      file.number(d == 0 && records ? 0 : shape[d]);
    }
    file.number(0);
    file.number(0);
    file.number(11);
    file.number(3 + variables);
    int axes = 4 * (shape[1] + shape[2]);
    String[] units = {"days since 2000-01-01", "degrees_north", "degrees_east"};
    int[] begins = {length + axes, length, length + 4 * shape[1]};
    for (int d = 0; d < 3; d++) {
      file.variable(names[d], new int[] {d}, units[d], 4, 4 * shape[d], begins[d]);
    }
    int times = records ? 1 : shape[0];
    int bytes = (2 * times * shape[1] * shape[2] + 3) / 4 * 4;
    for (int v = 0; v < variables; v++) {
      int begin = length + axes + 4 * times + v * bytes;
      file.variable("v" + v, new int[] {0, 1, 2}, "K", 3, bytes, begin);
    }
    return file.out.toByteArray();
  }

  private void variable(String name, int[] over, String units, int type, int bytes, int begin) {
    name(name);
    number(over.length);
    for (int d : over) {
      number(d);
    }
    number(12);
    number(1);
    name("units");
    number(2);
    name(units);
    number(type);
    number(bytes);
    number(begin);
  }

  private void name(String name) {
    number(name.length());
    out.writeBytes(
        java.util.Arrays.copyOf(
            name.getBytes(java.nio.charset.StandardCharsets.UTF_8), (name.length() + 3) / 4 * 4));
  }

  private void number(int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }
}
