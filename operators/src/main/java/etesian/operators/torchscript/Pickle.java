package etesian.operators.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The few opcodes of Python's pickle, protocol 2, that describe a module with plain attributes. */
final class Pickle {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickle() {
    out.write(0x80); // PROTO
    out.write(2);
  }

  byte[] emptyTuple() {
    out.write(')');
    return stop();
  }

  /**
   * An object of a class of the source.
   *
   * @param attributes Boolean, Integer, Double, String or a List of Integer
   */
  byte[] module(String module, String name, Map<String, Object> attributes) {
    global(module, name);
    out.write(')'); // no arguments
    out.write(0x81); // NEWOBJ
    out.write('}'); // the state: a dictionary
    out.write('('); // MARK
    attributes.forEach(
        (key, value) -> {
          text(key);
          value(value);
        });
    out.write('u'); // SETITEMS
    out.write('b'); // BUILD
    return stop();
  }

  private void value(Object value) {
    if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89);
    } else if (value instanceof Integer number) {
      integer(number);
    } else if (value instanceof Double number) {
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof List<?> numbers) {
      global("torch.jit._pickle", "build_intlist"); // gives the list its type
      out.write(']');
      out.write('(');
      numbers.forEach(number -> integer((Integer) number));
      out.write('e'); // APPENDS
      out.write(0x85); // TUPLE1
      out.write('R'); // REDUCE
    } else {
      throw new IllegalArgumentException("an attribute of " + value.getClass());
    }
  }

  private void global(String module, String name) {
    out.writeBytes(('c' + module + '\n' + name + '\n').getBytes(StandardCharsets.UTF_8));
  }

  private void integer(int value) {
    out.write('J');
    littleEndian(value);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    littleEndian(utf8.length);
    out.writeBytes(utf8);
  }

  private void littleEndian(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private byte[] stop() {
    out.write('.');
    return out.toByteArray();
  }
}
