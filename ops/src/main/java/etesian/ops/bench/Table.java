package etesian.ops.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Rows of named values as aligned text: numbers to the right, names of columns above. */
public final class Table {
  private Table() {}

  /** A line per row and one above them; a row that lacks a column has {@code -} there. */
  public static List<String> lines(List<Map<String, Object>> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    List<StringBuilder> lines = new ArrayList<>();
    for (int i = 0; i <= rows.size(); i++) {
      lines.add(new StringBuilder());
    }
    for (String column : columns) {
      List<String> cells = new ArrayList<>(List.of(column));
      rows.forEach(row -> cells.add(text(row.get(column))));
      boolean number = rows.stream().anyMatch(row -> row.get(column) instanceof Number);
      int width = cells.stream().mapToInt(String::length).max().orElseThrow();
      String format = "%" + (number ? "" : "-") + width + "s  ";
      for (int i = 0; i < cells.size(); i++) {
        lines.get(i).append(format.formatted(cells.get(i)));
      }
    }
    return lines.stream().map(line -> line.toString().stripTrailing()).toList();
  }

  /** Three digits that say something, and whole numbers in full. */
  private static String text(Object value) {
    if (!(value instanceof Double number) || number.isNaN()) {
      return value == null ? "-" : value.toString();
    }
    double size = Math.abs(number);
    String format =
        size >= 100
            ? "%.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.4f" : "%.1e";
    return String.format(Locale.ROOT, size == 0 ? "%.0f" : format, number);
  }
}
