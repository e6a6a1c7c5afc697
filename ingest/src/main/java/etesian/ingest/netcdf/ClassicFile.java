package etesian.ingest.netcdf;

import etesian.ingest.netcdf.ClassicHeader.Entry;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A classic NetCDF file in memory or mapped; its values are read where they lie. */
final class ClassicFile implements DataFile {
  private final ByteBuffer bytes;
  private final ClassicHeader header;
  private final long records;
  private final List<FileVariable> variables = new ArrayList<>();

  private ClassicFile(ByteBuffer bytes, ClassicHeader header) {
    this.bytes = bytes;
    this.header = header;
    this.records = header.recordsWithin(bytes.limit());
    for (Entry entry : header.variables()) {
      variables.add(new ClassicVariable(entry));
    }
  }

  /**
   * @throws Refusal when the header is damaged, or the file shorter than it implies
   */
  static ClassicFile open(ByteBuffer bytes, String name, Limits limits) throws Refusal {
    ClassicHeader header;
    long implied;
    try {
      header = ClassicHeader.read(bytes, limits, name);
      implied = header.impliedLength();
      if (bytes.limit() >= implied) {
        return new ClassicFile(bytes, header);
      }
    } catch (BufferUnderflowException e) {
      throw new Refusal(
          Reason.TRUNCATED,
          name + " ends within its header, after " + bytes.limit() + " bytes; copy the file again",
          e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Refusal(
          Reason.CORRUPT,
          name + " has a damaged header: " + e.getMessage() + "; copy the file again",
          e);
    }
    throw new Refusal(
        Reason.TRUNCATED,
        String.format(
            "%s has %d bytes, its header says at least %d; copy the file again",
            name, bytes.limit(), implied));
  }

  @Override
  public String format() {
    return switch (header.version()) {
      case 1 -> "NetCDF-3 classic";
      case 2 -> "NetCDF-3 64-bit offset";
      default -> "NetCDF CDF-5";
    };
  }

  @Override
  public List<FileVariable> variables() {
    return variables;
  }

  @Override
  public void close() {}

  private static List<FileVariable.FileDimension> dimensions(Entry entry, long records) {
    return entry.dimensions().stream()
        .map(
            dimension ->
                new FileVariable.FileDimension(
                    dimension.name(),
                    Math.toIntExact(dimension.length() == 0 ? records : dimension.length()),
                    dimension.name()))
        .toList();
  }

  private final class ClassicVariable extends FileVariable {
    private final Entry entry;

    ClassicVariable(Entry entry) {
      super(entry.name(), ClassicFile.dimensions(entry, records), entry.type(), entry.attributes());
      this.entry = entry;
    }

    @Override
    void blocks(BlockTaker taker) throws IOException {
      int[] lengths = shape();
      int[] origin = new int[lengths.length];
      int blocks = 1;
      long distance = 0;
      if (entry.isRecord()) {
        distance = header.recordBytes();
        boolean together = distance == entry.bytesTogether();
        blocks = together ? 1 : lengths[0];
        lengths[0] = together ? lengths[0] : 1;
      }
      int[] strides = strides(lengths);
      long values = 1;
      for (int length : lengths) {
        values *= length;
      }
      int length = Math.toIntExact(values * type().width());
      if (length == 0) {
        return;
      }
      for (int block = 0; block < blocks; block++) {
        int begin = Math.toIntExact(entry.begin() + block * distance);
        if (blocks > 1) {
          origin[0] = block;
        }
        taker.take(
            bytes.slice(begin, length).order(ByteOrder.BIG_ENDIAN), origin, lengths, strides);
      }
    }

    @Override
    String[] texts() throws IOException {
      int[] shape = shape();
      int length = shape.length == 0 ? 1 : shape[shape.length - 1];
      String[] texts = new String[length == 0 ? 0 : size() / length];
      ByteBuffer all = whole();
      for (int i = 0; i < texts.length; i++) {
        byte[] text = new byte[length];
        all.get(i * length, text);
        texts[i] = new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
      }
      return texts;
    }
  }
}
