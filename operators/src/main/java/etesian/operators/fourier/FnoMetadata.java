package etesian.operators.fourier;

import etesian.operators.SettingsText;
import etesian.operators.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** Not in the files of networks of real data. */
  private static final String COMPLEX = "complex_data";

  private FnoMetadata() {}

  static Map<String, String> write(FnoSettings s) {
    SettingsText out = new SettingsText(text(s.architecture()));
    out.put("in_channels", s.inChannels());
    out.put("out_channels", s.outChannels());
    out.put("hidden_channels", s.hidden());
    out.put("lifting_channels", s.lifting());
    out.put("projection_channels", s.projection());
    out.put("channels", join(s.layers(), l -> String.valueOf(l.channels())));
    out.put("modes", join(s.layers(), l -> sizes(l.modes())));
    out.put("stored_modes", join(s.layers(), l -> sizes(l.stored())));
    out.put("scales", join(s.layers(), l -> sizes(l.scale())));
    out.put(
        "across", join(List.copyOf(s.across().entrySet()), e -> e.getKey() + ":" + e.getValue()));
    out.put("factorization", s.factorization());
    out.put("rank", s.rank());
    out.put("separable", s.separable());
    out.put("spectral_skip", s.spectralSkip());
    out.put("skip_kernel", s.skipKernel());
    out.put("mlp_skip", s.mlpSkip());
    out.put("mlp_expansion", s.expansion());
    out.put("preactivation", s.preactivation());
    out.put("stabiliser", s.stabiliser());
    out.put("norm", s.norm());
    out.put("groups", s.groups());
    out.put("coordinates", s.coordinates());
    out.put("padding", sizes(s.padding()));
    out.put("placement", s.placement());
    out.put("sphere_grid", s.sphereGrid());
    out.put("residual", s.residual());
    if (s.complexData()) {
      out.put(COMPLEX, true);
    }
    return out.metadata();
  }

  static FnoSettings read(Map<String, String> metadata) {
    SettingsText in = new SettingsText(metadata);
    try {
      Architecture architecture = in.architecture(Architecture.class);
      return new FnoSettings(
          architecture,
          in.integer("in_channels"),
          in.integer("out_channels"),
          in.integer("hidden_channels"),
          in.integer("lifting_channels"),
          in.integer("projection_channels"),
          layers(in),
          across(in),
          in.choice("factorization", Factorization.class),
          number(in, "rank"),
          in.bool("separable", null),
          in.choice("spectral_skip", Skip.class),
          in.integer("skip_kernel"),
          in.choice("mlp_skip", Skip.class),
          number(in, "mlp_expansion"),
          in.bool("preactivation", null),
          in.bool("stabiliser", null),
          in.choice("norm", Norm.class),
          in.integer("groups"),
          in.bool("coordinates", null),
          in.value(
              "padding", "a share for each axis: 0.125x0", null, t -> sizes(t, Double::valueOf)),
          in.choice("placement", Placement.class),
          in.choice("sphere_grid", SphereGrid.class),
          in.bool("residual", null),
          in.bool(COMPLEX, false));
    } catch (WeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new WeightsException("settings in the metadata: " + e.getMessage(), e);
    }
  }

  private static double number(SettingsText in, String key) {
    return in.value(key, "a number", null, Double::valueOf);
  }

  private static <T> List<List<T>> lists(SettingsText in, String key, Function<String, T> parse) {
    return in.value(
        key,
        "for each layer a number for each axis: 15x16,7x8",
        null,
        text -> Arrays.stream(text.split(",")).map(t -> sizes(t, parse)).toList());
  }

  private static List<FnoLayer> layers(SettingsText in) {
    List<List<Integer>> channels = lists(in, "channels", Integer::valueOf);
    List<List<Integer>> modes = lists(in, "modes", Integer::valueOf);
    List<List<Integer>> stored = lists(in, "stored_modes", Integer::valueOf);
    List<List<Double>> scales = lists(in, "scales", Double::valueOf);
    int count = channels.size();
    if (modes.size() != count || stored.size() != count || scales.size() != count) {
      throw new IllegalArgumentException(
          String.format(
              "channels of %d layers, modes of %d, stored modes of %d, scales of %d",
              count, modes.size(), stored.size(), scales.size()));
    }
    List<FnoLayer> layers = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      layers.add(new FnoLayer(channels.get(l).get(0), modes.get(l), stored.get(l), scales.get(l)));
    }
    return layers;
  }

  private static Map<Integer, Integer> across(SettingsText in) {
    return in.value(
        "across",
        "pairs later:earlier",
        null,
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

  private static <T> List<T> sizes(String text, Function<String, T> parse) {
    return Arrays.stream(text.split("x")).map(s -> parse.apply(s.trim())).toList();
  }

  private static String sizes(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private static <T> String join(List<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(","));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
