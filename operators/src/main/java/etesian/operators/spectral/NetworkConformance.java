package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.conformance.Npz;
import etesian.operators.spectral.SpectralConformance.Case;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Golden files of whole networks: prediction, residual, loss, gradients of all parameters. */
final class NetworkConformance {
  private static final double GRADIENT_TOLERANCE = 2e-6; // of the largest, stored in float32
  private static final String PARAMETER = "param/";

  private NetworkConformance() {}

  static void run(Case now) {
    Npz golden = now.golden();
    try (Nsm nsm = Nsm.load(weights(golden, now.config()), now.transforms().type())) {
      nsm.parameters().values().forEach(p -> p.setRequiresGradient(true));
      Residual residual = residual(now);
      NDArray given = now.array("phi_coef");
      int samples = nsm.settings().basis().dimensions();
      Expansion phi =
          Expansion.of(nsm.transforms(), nsm.settings().basis(), given.expandDims(samples));
      double loss =
          Devices.differentiate(
              () -> {
                Expansion u = nsm.solve(phi);
                now.see("u_coef", u.coefficients());
                now.see("u_uniform", u.onUniformBandLimited(golden.integers("uniform_n")));
                Expansion of = residual.of(u, phi);
                now.see("residual_coef", of.coefficients());
                return SpectralLoss.PLAIN.of(of);
              });
      now.see("spectral_loss", loss);
      gradients(now, nsm);
    }
  }

  private static void gradients(Case now, Nsm nsm) {
    double squares = 0;
    double largest = 0;
    Map<String, double[]> actual = new LinkedHashMap<>();
    for (Map.Entry<String, NDArray> parameter : nsm.parameters().entrySet()) {
      String name = "grad/" + parameter.getKey();
      actual.put(name, Case.numbers(parameter.getValue().getGradient()));
      squares += Arrays.stream(actual.get(name)).map(g -> g * g).sum();
      for (double g : now.golden().doubles(name)) {
        largest = Math.max(largest, Math.abs(g));
      }
    }
    now.see(
        "grad_norm",
        new double[] {Math.sqrt(squares)},
        now.golden().number("grad_norm"),
        GRADIENT_TOLERANCE);
    for (Map.Entry<String, double[]> gradient : actual.entrySet()) {
      now.see(gradient.getKey(), gradient.getValue(), largest, GRADIENT_TOLERANCE);
    }
  }

  private static Residual residual(Case now) {
    JsonNode config = now.config();
    if (config.has("rho")) {
      return SpectralConformance.reaction(config);
    }
    if (!config.has("T")) {
      return new Poisson();
    }
    Expansion forcing = SpectralConformance.forcing(now);
    return SpectralConformance.vorticity(
        config,
        forcing == null ? null : forcing.with(forcing.coefficients().expandDims(-1))); // a sample
  }

  private static Weights weights(Npz golden, JsonNode config) {
    Mollifier mollifier =
        config.get("mollifier").asText().equals("ic")
            ? Mollifier.INITIAL
            : Mollifier.valueOf(upper(config, "mollifier"));
    List<Integer> given = integers(config.get("phi_mode"));
    List<Integer> space = mollifier == Mollifier.INITIAL ? given.subList(1, given.size()) : given;
    NsmSettings settings =
        new NsmSettings(
            NsmSettings.Network.valueOf(upper(config, "kind")),
            Basis.of(config.get("basis").asText()),
            integers(config.get("mode")),
            space,
            1,
            1,
            config.get("hdim").asInt(),
            config.get("depth").asInt(),
            NsmSettings.Activation.valueOf(upper(config, "activate")),
            mollifier,
            config.path("scale").asDouble(1e-3),
            space.size() == 1 ? 1 : space.get(0),
            space.get(space.size() - 1),
            1,
            false);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith(PARAMETER)) {
        long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
        tensors.put(name.substring(PARAMETER.length()), new Tensor(golden.floats(name), shape));
      }
    }
    return new Weights(settings.metadata(), tensors);
  }

  private static String upper(JsonNode config, String name) {
    return config.get(name).asText().toUpperCase(Locale.ROOT);
  }

  private static List<Integer> integers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
