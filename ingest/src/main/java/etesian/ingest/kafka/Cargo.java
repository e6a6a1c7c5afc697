package etesian.ingest.kafka;

import etesian.ingest.field.Field;
import etesian.ingest.kafka.Shipment.Piece;
import etesian.ingest.wire.GranuleNetcdf;
import java.util.List;

/**
 * What a {@link Shipment} needs in memory to be sent: the file as it is, or its fields when it goes
 * in parts, or neither when it goes by reference.
 */
record Cargo(byte[] whole, List<Field> fields) {
  static final Cargo NOTHING = new Cargo(new byte[0], List.of());

  byte[] bytes(Piece piece) {
    return piece.isPart() ? GranuleNetcdf.write(Packing.pick(fields, piece.fields())) : whole;
  }

  long weight() {
    long bytes = whole.length;
    for (Field field : fields) {
      bytes += (long) Float.BYTES * field.frame().grid().cells();
    }
    return bytes;
  }
}
