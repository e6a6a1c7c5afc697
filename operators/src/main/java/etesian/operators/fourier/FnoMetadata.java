package etesian.operators.fourier;

import etesian.operators.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Settings as the text of a weights file. Of the layers, which have sizes per axis, each key holds
 * all: {@code modes = 15x16,7x8} are two layers of two axes.
 */
final class FnoMetadata {
  private static final String PREFIX = "architecture.";

  /** Not in the files of networks of real data. */
  private static final String COMPLEX = PREFIX + "complex_data";

  private FnoMetadata() {}

  static Map<String, String> write(FnoSettings s) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("architecture", text(s.architecture()));
    out.put(PREFIX + "in_channels", String.valueOf(s.inChannels()));
    out.put(PREFIX + "out_channels", String.valueOf(s.outChannels()));
    out.put(PREFIX + "hidden_channels", String.valueOf(s.hidden()));
    out.put(PREFIX + "lifting_channels", String.valueOf(s.lifting()));
    out.put(PREFIX + "projection_channels", String.valueOf(s.projection()));
    out.put(PREFIX + "channels", join(s.layers(), l -> String.valueOf(l.channels())));
    out.put(PREFIX + "modes", join(s.layers(), l -> sizes(l.modes())));
    out.put(PREFIX + "stored_modes", join(s.layers(), l -> sizes(l.stored())));
    out.put(PREFIX + "scales", join(s.layers(), l -> sizes(l.scale())));
    out.put(
        PREFIX + "across",
        join(List.copyOf(s.across().entrySet()), e -> e.getKey() + ":" + e.getValue()));
    out.put(PREFIX + "factorization", text(s.factorization()));
    out.put(PREFIX + "rank", String.valueOf(s.rank()));
    out.put(PREFIX + "separable", String.valueOf(s.separable()));
    out.put(PREFIX + "spectral_skip", text(s.spectralSkip()));
    out.put(PREFIX + "skip_kernel", String.valueOf(s.skipKernel()));
    out.put(PREFIX + "mlp_skip", text(s.mlpSkip()));
    out.put(PREFIX + "mlp_expansion", String.valueOf(s.expansion()));
    out.put(PREFIX + "preactivation", String.valueOf(s.preactivation()));
    out.put(PREFIX + "stabiliser", String.valueOf(s.stabiliser()));
    out.put(PREFIX + "norm", text(s.norm()));
    out.put(PREFIX + "groups", String.valueOf(s.groups()));
    out.put(PREFIX + "coordinates", String.valueOf(s.coordinates()));
    out.put(PREFIX + "padding", sizes(s.padding()));
    out.put(PREFIX + "placement", text(s.placement()));
    out.put(PREFIX + "sphere_grid", text(s.sphereGrid()));
    out.put(PREFIX + "residual", String.valueOf(s.residual()));
    if (s.complexData()) {
      out.put(COMPLEX, "true");
    }
    return out;
  }

  static FnoSettings read(Map<String, String> metadata) {
    Reader in = new Reader(metadata);
    try {
      Architecture architecture =
          in.value("", "one of " + names(Architecture.class), t -> of(Architecture.class, t));
      return new FnoSettings(
          architecture,
          in.integer("in_channels"),
          in.integer("out_channels"),
          in.integer("hidden_channels"),
          in.integer("lifting_channels"),
          in.integer("projection_channels"),
          in.layers(),
          in.across(),
          in.choice("factorization", Factorization.class),
          in.number("rank"),
          in.bool("separable"),
          in.choice("spectral_skip", Skip.class),
          in.integer("skip_kernel"),
          in.choice("mlp_skip", Skip.class),
          in.number("mlp_expansion"),
          in.bool("preactivation"),
          in.bool("stabiliser"),
          in.choice("norm", Norm.class),
          in.integer("groups"),
          in.bool("coordinates"),
          in.value("padding", "a share for each axis: 0.125x0", t -> sizes(t, Double::valueOf)),
          in.choice("placement", Placement.class),
          in.choice("sphere_grid", SphereGrid.class),
          in.bool("residual"),
          metadata.containsKey(COMPLEX) && in.bool("complex_data"));
    } catch (WeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new WeightsException("settings in the metadata: " + e.getMessage(), e);
    }
  }

  private record Reader(Map<String, String> metadata) {
    <T> T value(String key, String expected, Function<String, T> parse) {
      String name = key.isEmpty() ? "architecture" : PREFIX + key;
      String text = metadata.get(name);
      if (text == null) {
        throw new WeightsException("metadata '" + name + "' is missing, expected " + expected);
      }
      try {
        return parse.apply(text.trim());
      } catch (IllegalArgumentException e) {
        throw new WeightsException(
            "metadata '" + name + "' is '" + text + "', expected " + expected, e);
      }
    }

    int integer(String key) {
      return value(key, "a whole number", Integer::valueOf);
    }

    double number(String key) {
      return value(key, "a number", Double::valueOf);
    }

    boolean bool(String key) {
      return value(
          key,
          "true or false",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(text);
              });
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
      return value(key, "one of " + names(type), text -> of(type, text));
    }

    <T> List<List<T>> lists(String key, Function<String, T> parse) {
      return value(
          key,
          "for each layer a number for each axis: 15x16,7x8",
          text -> Arrays.stream(text.split(",")).map(t -> sizes(t, parse)).toList());
    }

    List<FnoLayer> layers() {
      List<List<Integer>> channels = lists("channels", Integer::valueOf);
      List<List<Integer>> modes = lists("modes", Integer::valueOf);
      List<List<Integer>> stored = lists("stored_modes", Integer::valueOf);
      List<List<Double>> scales = lists("scales", Double::valueOf);
      int count = channels.size();
      if (modes.size() != count || stored.size() != count || scales.size() != count) {
        throw new IllegalArgumentException(
            String.format(
                "channels of %d layers, modes of %d, stored modes of %d, scales of %d",
                count, modes.size(), stored.size(), scales.size()));
      }
      List<FnoLayer> layers = new ArrayList<>();
      for (int l = 0; l < count; l++) {
        layers.add(
            new FnoLayer(channels.get(l).get(0), modes.get(l), stored.get(l), scales.get(l)));
      }
      return layers;
    }

    Map<Integer, Integer> across() {
      return value(
          "across",
          "pairs later:earlier",
          text -> {
            Map<Integer, Integer> across = new TreeMap<>();
            for (String pair : text.isEmpty() ? new String[0] : text.split(",")) {
              String[] ends = pair.split(":");
              if (ends.length != 2) {
                throw new IllegalArgumentException(pair);
              }
              across.put(Integer.valueOf(ends[0].trim()), Integer.valueOf(ends[1].trim()));
            }
            return across;
          });
    }
  }

  private static <T> List<T> sizes(String text, Function<String, T> parse) {
    return Arrays.stream(text.split("x")).map(s -> parse.apply(s.trim())).toList();
  }

  private static String sizes(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private static <T> String join(List<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(","));
  }

  private static <E extends Enum<E>> E of(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
  }
}
