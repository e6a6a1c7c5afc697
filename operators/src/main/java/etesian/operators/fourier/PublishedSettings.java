package etesian.operators.fourier;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The constructor arguments of a network of NeuralOperator, with the names and defaults that they
 * have there, as settings of ours. A value that would change the network in a way that this library
 * does not follow is refused.
 */
final class PublishedSettings {
  /** Where nothing is said, as published. */
  private static final int LAYERS = 4;

  private static final int UNO_CHANNELS = 256;
  private static final double RATIO = 2;
  private static final double EXPANSION = 0.5;
  private static final double TFNO_RANK = 0.1;

  /** Of no meaning for the result: how it is computed, or what a run was called. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of(
          "model",
          "seed",
          "n_params",
          "loss",
          "note",
          "implementation",
          "channel_mlp_dropout",
          "decomposition_kwargs",
          "enforce_hermitian_symmetry");

  /** With the only value that is followed. */
  private static final Map<String, String> FIXED =
      Map.of(
          "complex_data", "false",
          "fno_block_precision", "full",
          "non_linearity", "gelu",
          "domain_padding_mode", "symmetric",
          "horizontal_skip", "linear",
          "sht_norm", "ortho",
          "joint_factorization", "false",
          "fixed_rank_modes", "false");

  private static final Set<String> COMMON =
      Set.of(
          "in_channels",
          "out_channels",
          "hidden_channels",
          "n_layers",
          "factorization",
          "rank",
          "separable",
          "conv_bias_kernel",
          "fno_skip",
          "channel_mlp_skip",
          "use_channel_mlp",
          "channel_mlp_expansion",
          "preactivation",
          "stabilizer",
          "norm",
          "norm_groups",
          "positional_embedding",
          "domain_padding");

  private static final Set<String> OF_UNO =
      Set.of(
          "lifting_channels",
          "projection_channels",
          "uno_out_channels",
          "uno_n_modes",
          "uno_scalings",
          "horizontal_skips_map");

  private static final Set<String> OF_OTHERS =
      Set.of(
          "n_modes",
          "max_n_modes",
          "lifting_channel_ratio",
          "projection_channel_ratio",
          "resolution_scaling_factor",
          "output_shape",
          "grid");

  private final JsonNode config;
  private final Architecture architecture;
  private final int[] grid;
  private final int[] outGrid;
  private final List<Double> padding;

  private PublishedSettings(JsonNode config, int[] grid, int[] outGrid) {
    this.config = config;
    this.grid = grid.clone();
    this.outGrid = outGrid.clone();
    architecture = choice(Architecture.class, text("model", "FNO"), "model");
    checkFixed();
    padding = perAxis(config.path("domain_padding"), 0, "domain_padding");
  }

  /**
   * @param grid sizes of the axes of the input
   * @param outGrid of the output: its shape may be an argument of the call, not of the constructor
   * @throws IllegalArgumentException an argument is missing or not followed
   */
  static FnoSettings of(JsonNode config, int[] grid, int[] outGrid) {
    return new PublishedSettings(config, grid, outGrid).settings();
  }

  /**
   * Whether the output has another grid than the constructor's arguments lead to, so that its shape
   * was an argument of the call.
   */
  static boolean isShapeOfCall(JsonNode config, int[] grid, int[] outGrid) {
    PublishedSettings settings = new PublishedSettings(config, grid, outGrid);
    int count = settings.integer("n_layers", LAYERS);
    int[] size = settings.padded();
    for (int l = 0; l < count - 1; l++) {
      size = scaled(size, settings.scale(l, count, size));
    }
    return settings.isShapeOfCall(count, size);
  }

  private FnoSettings settings() {
    int hidden = integer("hidden_channels");
    FnoSettingsBuilder builder =
        FnoSettings.builder(
                architecture,
                integer("in_channels"),
                integer("out_channels"),
                hidden,
                layers(hidden))
            .placement(Placement.LEGACY)
            .padding(padding);
    if (architecture == Architecture.UNO) {
      builder
          .lifting(integer("lifting_channels", UNO_CHANNELS))
          .projection(integer("projection_channels", UNO_CHANNELS))
          .across(across());
    } else {
      builder
          .lifting((int) (number("lifting_channel_ratio", RATIO) * hidden))
          .projection((int) (number("projection_channel_ratio", RATIO) * hidden));
    }
    if (architecture == Architecture.SFNO) {
      builder.sphereGrid(sphereGrid(text("grid", "equiangular")));
    }
    boolean mlp = bool("use_channel_mlp", true);
    return builder
        .factorization(factorization())
        .rank(rank())
        .separable(bool("separable", false))
        .skipKernel(integer("conv_bias_kernel", 1))
        .spectralSkip(skip("fno_skip", "linear"))
        .mlpSkip(skip("channel_mlp_skip", "soft-gating"))
        .expansion(mlp ? number("channel_mlp_expansion", EXPANSION) : 0)
        .preactivation(bool("preactivation", false))
        .stabiliser(stabiliser())
        .norm(norm())
        .groups(integer("norm_groups", 1))
        .coordinates(coordinates())
        .build();
  }

  private void checkFixed() {
    FIXED.forEach(
        (name, only) ->
            check(
                !config.hasNonNull(name) || config.get(name).asText().equals(only),
                "%s = %s is not followed, expected %s",
                name,
                config.get(name),
                only));
  }

  /** Arguments that nobody here reads. */
  static Set<String> unknown(JsonNode config) {
    Set<String> unknown = new TreeSet<>();
    config.properties().forEach(argument -> unknown.add(argument.getKey()));
    for (Set<String> known : List.of(COMMON, OF_UNO, OF_OTHERS, WITHOUT_MEANING, FIXED.keySet())) {
      unknown.removeAll(known);
    }
    return unknown;
  }

  // ---- layers --------------------------------------------------------------------------------

  private List<FnoLayer> layers(int hidden) {
    int count = integer("n_layers", LAYERS);
    List<FnoLayer> layers = new ArrayList<>();
    int[] size = padded();
    for (int l = 0; l < count; l++) {
      boolean ofCall = l == count - 1 && isShapeOfCall(count, size);
      List<Double> scale = ofCall ? ratio(outGrid, size) : scale(l, count, size);
      size = scaled(size, scale);
      layers.add(layer(l, hidden, scale));
    }
    return layers;
  }

  /** The grid in front of the first layer. */
  private int[] padded() {
    int[] size = new int[grid.length];
    Arrays.setAll(size, axis -> grid[axis] + 2 * (int) Math.rint(padding.get(axis) * grid[axis]));
    return size;
  }

  private static int[] scaled(int[] size, List<Double> scale) {
    int[] scaled = new int[size.length];
    Arrays.setAll(scaled, axis -> (int) Math.rint(size[axis] * scale.get(axis)));
    return scaled;
  }

  private static List<Double> ratio(int[] to, int[] from) {
    return IntStream.range(0, from.length)
        .mapToObj(axis -> (double) to[axis] / from[axis])
        .toList();
  }

  /**
   * @param size in front of the last layer
   */
  private boolean isShapeOfCall(int count, int[] size) {
    boolean free =
        architecture != Architecture.UNO
            && !config.hasNonNull("output_shape")
            && padding.stream().allMatch(q -> q == 0);
    return free && !Arrays.equals(scaled(size, scale(count - 1, count, size)), outGrid);
  }

  private FnoLayer layer(int l, int hidden, List<Double> scale) {
    if (architecture == Architecture.UNO) {
      int channels = of("uno_out_channels", l).asInt();
      return FnoLayer.of(channels, integers(of("uno_n_modes", l)), scale);
    }
    List<Integer> modes = integers(required("n_modes"));
    JsonNode most = config.path("max_n_modes");
    boolean sphere = architecture == Architecture.SFNO;
    if (most.isArray()) {
      List<Integer> stored = integers(most);
      return new FnoLayer(hidden, modes, sphere ? stored.subList(0, 1) : stored, scale);
    }
    return sphere ? FnoLayer.onSphere(hidden, modes, scale) : FnoLayer.of(hidden, modes, scale);
  }

  /**
   * Of the grid behind a layer. An {@code output_shape} is a factor too: of this grid.
   *
   * @param size in front of the layer
   */
  private List<Double> scale(int l, int count, int[] size) {
    if (architecture == Architecture.UNO) {
      return perAxis(of("uno_scalings", l), 1, "uno_scalings");
    }
    JsonNode shape = outputShape(l, count);
    if (shape.isArray()) {
      List<Integer> wanted = integers(shape);
      check(wanted.size() == size.length, "output_shape %s of %d axes", wanted, size.length);
      return ratio(wanted.stream().mapToInt(i -> i).toArray(), size);
    }
    JsonNode scaling = config.path("resolution_scaling_factor");
    return perAxis(scaling.isArray() ? scaling.path(l) : scaling, 1, "resolution_scaling_factor");
  }

  /** Of one layer; a list of numbers is the shape behind the last. */
  private JsonNode outputShape(int l, int count) {
    JsonNode shape = config.path("output_shape");
    boolean single = shape.path(0).isNumber();
    if (single && l == count - 1) {
      return shape;
    }
    return single ? shape.path(shape.size()) : shape.path(l);
  }

  private Map<Integer, Integer> across() {
    Map<Integer, Integer> across = new TreeMap<>();
    JsonNode map = config.path("horizontal_skips_map");
    if (map.isObject()) {
      map.properties().forEach(e -> across.put(Integer.valueOf(e.getKey()), e.getValue().asInt()));
      return across;
    }
    int count = integer("n_layers", LAYERS);
    for (int i = 0; i < count / 2; i++) {
      across.put(count - 1 - i, i);
    }
    return across;
  }

  // ---- choices -------------------------------------------------------------------------------

  private Factorization factorization() {
    boolean silent = !config.hasNonNull("factorization");
    return silent && architecture == Architecture.TFNO
        ? Factorization.TUCKER
        : factorization(config);
  }

  /** Dense where nothing is said. */
  static Factorization factorization(JsonNode config) {
    String name = config.path("factorization").asText("dense").toLowerCase(Locale.ROOT);
    return choice(Factorization.class, name.replace("complex", ""), "factorization");
  }

  /** A share of the parameters; a whole number of more than one is a rank itself. */
  private double rank() {
    double rank = number("rank", architecture == Architecture.TFNO ? TFNO_RANK : 1);
    check(
        rank <= 1 || factorization() == Factorization.DENSE,
        "rank = %s is not followed, expected a share of the parameters, at most 1",
        rank);
    return rank;
  }

  private Skip skip(String name, String absent) {
    if (config.has(name) && config.get(name).isNull()) {
      return Skip.NONE;
    }
    String value = text(name, absent);
    return value.equals("soft-gating") ? Skip.GATE : choice(Skip.class, value, name);
  }

  private Norm norm() {
    return switch (text("norm", "")) {
      case "" -> Norm.NONE;
      case "group_norm" -> Norm.GROUP;
      case "instance_norm" -> Norm.INSTANCE;
      case "batch_norm" -> Norm.BATCH;
      default ->
          throw new IllegalArgumentException(
              "norm = "
                  + config.get("norm")
                  + " is not followed, expected group_norm, instance_norm or batch_norm");
    };
  }

  private boolean stabiliser() {
    String name = text("stabilizer", "");
    check(name.isEmpty() || name.equals("tanh"), "stabilizer = %s, expected tanh", name);
    return !name.isEmpty();
  }

  /** The grid where nothing is said, and nothing where null is. */
  private boolean coordinates() {
    String name = text("positional_embedding", "grid");
    check(name.equals("grid"), "positional_embedding = %s, expected grid", name);
    return !config.has("positional_embedding") || !config.get("positional_embedding").isNull();
  }

  static SphereGrid sphereGrid(String name) {
    return choice(SphereGrid.class, name.replace('-', '_'), "grid");
  }

  // ---- values --------------------------------------------------------------------------------

  private static <E extends Enum<E>> E choice(Class<E> type, String value, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> choice.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "%s = %s, expected one of %s",
                        name,
                        value,
                        Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT))));
  }

  private JsonNode required(String name) {
    check(config.hasNonNull(name), "argument '%s' is missing", name);
    return config.get(name);
  }

  /** Of one layer. */
  private JsonNode of(String name, int l) {
    check(required(name).size() > l, "%s = %s has no layer %d", name, config.get(name), l);
    return config.get(name).get(l);
  }

  private int integer(String name) {
    return required(name).asInt();
  }

  private int integer(String name, int absent) {
    return config.hasNonNull(name) ? config.get(name).asInt() : absent;
  }

  private double number(String name, double absent) {
    return config.hasNonNull(name) ? config.get(name).asDouble() : absent;
  }

  private boolean bool(String name, boolean absent) {
    return config.hasNonNull(name) ? config.get(name).asBoolean() : absent;
  }

  private String text(String name, String absent) {
    return config.hasNonNull(name) ? config.get(name).asText() : absent;
  }

  /** One number for all axes, or a list. */
  private List<Double> perAxis(JsonNode numbers, double absent, String name) {
    if (!numbers.isArray()) {
      double number = numbers.isNumber() ? numbers.asDouble() : absent;
      return Collections.nCopies(grid.length, number);
    }
    check(numbers.size() == grid.length, "%s = %s for %d axes", name, numbers, grid.length);
    return StreamSupport.stream(numbers.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  private static List<Integer> integers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asInt).toList();
  }

  private static void check(boolean holds, String problem, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException("config_json: " + String.format(problem, values));
    }
  }
}
