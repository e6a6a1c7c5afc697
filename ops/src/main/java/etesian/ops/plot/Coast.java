package etesian.ops.plot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Coastlines, the console's: rings of (longitude, latitude) from TopoJSON, whose arcs are quantised
 * and written as differences.
 */
final class Coast {
  private static final Map<String, List<double[][]>> READ = new ConcurrentHashMap<>();

  private Coast() {}

  /** Rings for a map so many degrees wide: coarse for the world, finer for a region. */
  static List<double[][]> rings(double spanDegrees) {
    return READ.computeIfAbsent(
        spanDegrees > 130 ? "land-110m.json" : "land-50m.json", Coast::read);
  }

  private static List<double[][]> read(String name) {
    try (InputStream in = Coast.class.getResourceAsStream("/etesian/ops/console/" + name)) {
      return rings(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the coastlines " + name, e);
    }
  }

  static List<double[][]> rings(JsonNode topology) {
    JsonNode scale = topology.at("/transform/scale");
    JsonNode translate = topology.at("/transform/translate");
    List<double[][]> arcs = new ArrayList<>();
    for (JsonNode arc : topology.get("arcs")) {
      double[][] points = new double[arc.size()][];
      long x = 0;
      long y = 0;
      for (int i = 0; i < points.length; i++) {
        x += arc.get(i).get(0).asLong();
        y += arc.get(i).get(1).asLong();
        points[i] =
            new double[] {
              x * scale.get(0).asDouble() + translate.get(0).asDouble(),
              y * scale.get(1).asDouble() + translate.get(1).asDouble()
            };
      }
      arcs.add(points);
    }
    List<double[][]> rings = new ArrayList<>();
    for (JsonNode geometry : topology.at("/objects/land/geometries")) {
      boolean one = geometry.get("type").asText().equals("Polygon");
      for (JsonNode polygon : one ? List.of(geometry.get("arcs")) : geometry.get("arcs")) {
        for (JsonNode ring : polygon) {
          rings.add(ring(ring, arcs));
        }
      }
    }
    return rings;
  }

  /** Arcs one after another; a negative number is an arc backwards; they share their ends. */
  private static double[][] ring(JsonNode numbers, List<double[][]> arcs) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode number : numbers) {
      int index = number.asInt();
      double[][] arc = arcs.get(index < 0 ? ~index : index);
      for (int i = points.isEmpty() ? 0 : 1; i < arc.length; i++) {
        points.add(arc[index < 0 ? arc.length - 1 - i : i]);
      }
    }
    return points.toArray(double[][]::new);
  }
}
