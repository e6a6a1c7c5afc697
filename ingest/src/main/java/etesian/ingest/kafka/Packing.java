package etesian.ingest.kafka;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Shipment.Piece;
import etesian.ingest.wire.GranuleNetcdf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which fields of a file travel together. */
final class Packing {
  private Packing() {}

  /** Fields that one CF file can hold; the occurrence counts a time that a file holds twice. */
  private record Together(Instant validAt, Grid grid, int revision, int occurrence) {}

  private record Same(Frame frame, int revision) {}

  /** The file as it is. */
  static Piece whole(List<Field> fields) {
    Optional<Instant> first =
        fields.stream().map(field -> field.frame().validAt()).min(Comparator.naturalOrder());
    return new Piece(first, variables(fields), List.of());
  }

  /**
   * By valid time, the variables of a time together; each variable for itself where together they
   * are too large. Depends on the fields alone, so that a second call gives the same parts.
   *
   * @param maxBytes of a part
   * @throws PartTooLarge when a single field is larger
   */
  static List<Piece> parts(List<Field> fields, long maxBytes) throws PartTooLarge {
    Map<Same, Integer> occurrences = new HashMap<>();
    Map<Together, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      Frame frame = field.frame();
      int occurrence = occurrences.merge(new Same(frame, field.revision()), 1, Integer::sum);
      groups
          .computeIfAbsent(
              new Together(frame.validAt(), frame.grid(), field.revision(), occurrence),
              key -> new ArrayList<>())
          .add(i);
    }
    List<Piece> parts = new ArrayList<>();
    for (List<Integer> group : groups.values()) {
      if (GranuleNetcdf.sizeAtMost(pick(fields, group)) <= maxBytes) {
        parts.add(part(fields, group));
        continue;
      }
      for (Integer one : group) {
        long size = GranuleNetcdf.sizeAtMost(pick(fields, List.of(one)));
        if (size > maxBytes) {
          throw new PartTooLarge(fields.get(one), size, maxBytes);
        }
        parts.add(part(fields, List.of(one)));
      }
    }
    parts.sort(Comparator.comparing(part -> part.validAt().orElseThrow()));
    return parts;
  }

  static List<Field> pick(List<Field> fields, List<Integer> which) {
    return which.stream().map(fields::get).toList();
  }

  static int times(List<Field> fields) {
    return (int) fields.stream().map(field -> field.frame().validAt()).distinct().count();
  }

  private static Piece part(List<Field> fields, List<Integer> which) {
    Instant validAt = fields.get(which.get(0)).frame().validAt();
    return new Piece(Optional.of(validAt), variables(pick(fields, which)), which);
  }

  private static String variables(List<Field> fields) {
    return fields.stream()
        .map(field -> field.frame().variable().name())
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining("+"));
  }

  /** A single field that does not fit into a record. */
  static final class PartTooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    PartTooLarge(Field field, long size, long maxBytes) {
      super(
          String.format(
              "%s from %s takes %d bytes, a record of a granule topic %d; send the file by"
                  + " reference, or cut a region out of it",
              field, field.origin().location(), size, maxBytes));
    }
  }
}
