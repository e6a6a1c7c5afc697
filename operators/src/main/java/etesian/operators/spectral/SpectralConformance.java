package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.operators.Devices;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares bases, residuals, mollifiers, finite differences, solvers and whole networks with golden
 * vectors of Neural Spectral Methods: greatest deviation over greatest value, in float64 and, but
 * for solvers and differences, in float32.
 */
public final class SpectralConformance implements GoldenRunner {
  private static final double TOLERANCE = 1e-10;
  private static final double SOLVER_TOLERANCE = 1e-9;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String kind() {
    return "nsm";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return arrays.has("config_json") && Kind.of(arrays) != null;
  }

  /** What a golden file holds. */
  private enum Kind {
    FLOW("w0 forcing stride"),
    GROWTH("h0 u"),
    BASIS("values coef grad2"),
    DIFFERENCES("u_values residual mean_square"),
    NETWORK("phi_coef u_coef param/Dense_0/kernel"),
    MOLLIFIER("phi_coef u_coef out_coef"),
    ADVECTION("c_coef psi_coef grad_c"),
    BAROTROPIC("zeta_coef psi_coef grad_zeta"),
    VORTICITY("u_coef residual_coef vx"),
    POISSON("u_coef residual_coef source_coef"),
    REACTION("u_coef residual_coef grad_u");

    /** Names of arrays that no other kind has together. */
    private final String arrays;

    Kind(String arrays) {
      this.arrays = arrays;
    }

    static Kind of(Npz file) {
      return Arrays.stream(values())
          .filter(kind -> file.names().containsAll(List.of(kind.arrays.split(" "))))
          .findFirst()
          .orElse(null);
    }
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    JsonNode config;
    try {
      config = JSON.readTree(golden.text("config_json"));
    } catch (JsonProcessingException e) {
      return CaseResult.failed(file.name(), kind(), "config_json: " + e.getMessage());
    }
    Comparison worst = new Comparison();
    switch (Kind.of(golden)) {
      case FLOW -> flow(golden, config, worst);
      case GROWTH -> growth(golden, config, worst);
      case DIFFERENCES -> inType(DataType.FLOAT64, golden, config, worst);
      default -> {
        inType(DataType.FLOAT64, golden, config, worst);
        inType(DataType.FLOAT32, golden, config, worst);
      }
    }
    return worst.result(file.name(), kind());
  }

  private static void inType(DataType type, Npz golden, JsonNode config, Comparison worst) {
    try (Transforms transforms = new Transforms(type);
        NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      Case now = new Case(golden, config, transforms, scope, worst);
      switch (Kind.of(golden)) {
        case BASIS -> BasisConformance.run(now);
        case DIFFERENCES -> differences(now);
        case NETWORK -> NetworkConformance.run(now);
        case MOLLIFIER -> mollifier(now);
        case ADVECTION -> advection(now);
        case BAROTROPIC -> barotropic(now);
        case VORTICITY -> vorticity(now);
        case POISSON -> poisson(now);
        case REACTION -> now.residual(reaction(config), "u_coef", "grad_u");
        case FLOW, GROWTH -> throw new IllegalStateException("solvers have no transforms");
      }
    }
  }

  /** One file under comparison, in the type of the transforms. */
  record Case(
      Npz golden, JsonNode config, Transforms transforms, NDManager scope, Comparison worst) {

    Basis basis() {
      return Basis.of(config.has("basis") ? config.get("basis").asText() : "CFF");
    }

    double number(String name) {
      return config.get(name).asDouble();
    }

    boolean has(String name) {
      return golden.has(name);
    }

    private boolean single() {
      return transforms.type() == DataType.FLOAT32;
    }

    NDArray array(String name) {
      long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
      return transforms.place(scope, golden.doubles(name), new Shape(shape));
    }

    Expansion expansion(String name) {
      return Expansion.of(transforms, basis(), array(name));
    }

    void see(String name, NDArray actual) {
      see(name, numbers(actual));
    }

    void see(String name, double... actual) {
      see(name, actual, Comparison.greatest(golden.doubles(name)), tolerance(name));
    }

    /** Deviation over a scale, with another tolerance in float64. */
    void see(String name, double[] actual, double scale, double tolerance) {
      String shown = single() ? "float32 " + name : name;
      double allowed = single() ? tolerance(name) : tolerance;
      worst.see(shown, actual, golden.doubles(name), scale, allowed);
    }

    /** In float32 the conditions of derivatives count: they grow with the modes. */
    double tolerance(String name) {
      if (!single()) {
        return TOLERANCE;
      }
      return switch (name) {
        case "grad" -> 1e-4;
        case "grad2", "grad_k2" -> 1e-3;
        default -> {
          boolean derived = name.contains("residual") || name.contains("loss");
          yield derived || name.startsWith("grad") && !name.endsWith("matrix") ? 1e-3 : 1e-5;
        }
      };
    }

    static double[] numbers(NDArray array) {
      return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }

    /** The residual, its plain loss and the gradient of that, of a prediction without samples. */
    void residual(Residual residual, String prediction, String gradient) {
      NDArray u = array(prediction);
      u.setRequiresGradient(true);
      Expansion phi = has("source_coef") ? expansion("source_coef") : null;
      double loss =
          Devices.differentiate(
              () -> {
                Expansion of = residual.of(Expansion.of(transforms, basis(), u), phi);
                see("residual_coef", of.coefficients());
                if (has("residual_values")) {
                  see("residual_values", of.values());
                }
                return SpectralLoss.PLAIN.of(of.with(of.coefficients().expandDims(-1)));
              });
      see("spectral_loss", loss);
      see(gradient, u.getGradient());
    }
  }

  private static void flow(Npz golden, JsonNode config, Comparison worst) {
    int n = golden.shape("w0")[0];
    int stride = golden.integer("stride");
    double[] expected = golden.doubles("w");
    double[] forcing = golden.doubles("forcing");
    double[] w = golden.doubles("w0");
    double[] actual = new double[expected.length];
    try (NavierStokes flow =
        new NavierStokes(n, config.get("nu").asDouble(), config.get("dt").asDouble(), stride)) {
      for (int from = 0; from < expected.length; from += w.length) {
        System.arraycopy(w, 0, actual, from, w.length);
        w = flow.advance(w, forcing);
      }
    }
    worst.see("w", actual, expected, SOLVER_TOLERANCE);
  }

  private static void growth(Npz golden, JsonNode config, Comparison worst) {
    int n = config.get("nx").asInt();
    double dt = config.get("T").asDouble() / (config.get("nt").asInt() - 1);
    double[] expected = golden.doubles("u");
    double[] actual = new double[expected.length];
    double[] u = golden.doubles("h0");
    try (ReactionDiffusionSolver solver = new ReactionDiffusionSolver(n, reaction(config), dt, 1)) {
      for (int from = 0; from < expected.length; from += n) {
        System.arraycopy(u, 0, actual, from, n);
        u = solver.advance(u);
      }
    }
    worst.see("u", actual, expected, SOLVER_TOLERANCE);
  }

  static ReactionDiffusion reaction(JsonNode config) {
    return new ReactionDiffusion(config.get("nu").asDouble(), config.get("rho").asDouble());
  }

  /**
   * As published: products at the points, the highest cosine of x as a complex transform has it.
   */
  static VorticityResidual vorticity(JsonNode config, Expansion forcing) {
    return new VorticityResidual(
        config.get("T").asDouble(), config.get("nu").asDouble(), forcing, Product.COLLOCATED, true);
  }

  private static void mollifier(Case now) {
    String name = now.config.get("kind").asText();
    Mollifier mollifier =
        name.equals("ic") ? Mollifier.INITIAL : Mollifier.valueOf(name.toUpperCase(Locale.ROOT));
    Expansion out =
        mollifier.of(now.expansion("u_coef"), now.expansion("phi_coef"), now.number("scale"));
    now.see("out_coef", out.coefficients());
  }

  private static void poisson(Case now) {
    if (now.has("exact_solution_coef")) {
      Expansion source = now.expansion("source_coef");
      Expansion exact = PoissonSolver.periodic(source);
      now.see("exact_solution_coef", exact.coefficients());
      for (String name : now.golden.names()) {
        if (name.matches("exact_solution_\\d+x\\d+")) {
          int[] shape = now.golden.shape(name);
          now.see(name, exact.onUniformBandLimited(shape[0], shape[1]));
        }
      }
      // what rounding leaves is compared with the source, most of it being zero
      now.see(
          "exact_residual",
          Case.numbers(new Poisson().of(exact, source).coefficients()),
          source.coefficients().abs().max().toType(DataType.FLOAT64, true).getDouble(),
          TOLERANCE);
    }
    now.residual(new Poisson(), "u_coef", "grad_u");
  }

  private static void vorticity(Case now) {
    Expansion forcing =
        now.has("forcing")
            ? steady(now, now.array("forcing").expandDims(0).expandDims(3))
            : forcing(now);
    VorticityResidual residual = vorticity(now.config, forcing);
    Expansion w = now.expansion("u_coef");
    now.see("vx", VorticityResidual.velocityX(w).values());
    now.see("vy", residual.velocityY(w).values());
    now.residual(residual, "u_coef", "grad_u");
  }

  /**
   * 0.1 ( sin 2 pi (x + y) + cos 2 pi (x + y) ), where a file says no more than that it is forced.
   */
  static Expansion forcing(Case now) {
    if (!now.config.path("forced").asBoolean(false)) {
      return null;
    }
    int n = 3; // points that show a wave of one period
    double[] values = new double[n * n];
    for (int i = 0; i < values.length; i++) {
      double phase = 2 * Math.PI * (i / n + i % n) / n;
      values[i] = 0.1 * (Math.sin(phase) + Math.cos(phase));
    }
    return steady(now, now.transforms.place(now.scope, values, new Shape(1, n, n, 1)));
  }

  /** From values on (1, x, y, 1). */
  private static Expansion steady(Case now, NDArray values) {
    Expansion inSpace = Expansion.transform(now.transforms, Basis.of("FFF"), values);
    return Expansion.of(now.transforms, now.basis(), twoTimes(inSpace, now.transforms));
  }

  /** A second, vanishing mode of time. */
  private static NDArray twoTimes(Expansion steady, Transforms transforms) {
    return Expansion.along(steady.coefficients(), 0, transforms.resize(Axis.CHEBYSHEV, 1, 2));
  }

  private static void advection(Case now) {
    Residual residual =
        new AdvectionDiffusion(
            now.number("T"),
            List.of(now.number("Lx"), now.number("Ly")),
            now.number("kappa"),
            now.expansion("psi_coef"),
            null,
            Product.COLLOCATED);
    now.residual(residual, "c_coef", "grad_c");
  }

  private static void barotropic(Case now) {
    BarotropicVorticity residual =
        new BarotropicVorticity(
            now.number("T"),
            List.of(now.number("Lx"), now.number("Ly")),
            now.number("beta"),
            now.number("nu"),
            Product.COLLOCATED);
    Expansion psi = residual.streamFunction(now.expansion("zeta_coef"));
    now.see("psi_coef", psi.coefficients());
    now.residual(residual, "zeta_coef", "grad_zeta");
  }

  private static void differences(Case now) {
    Npz golden = now.golden;
    double[] u = golden.doubles("u_values");
    int[] shape = golden.shape("u_values");
    double[] residual;
    if (now.config.has("rho")) {
      residual = FiniteDifferences.reactionDiffusion(reaction(now.config), u, shape[0], shape[1]);
    } else if (now.config.has("T")) {
      Expansion w = Expansion.transform(now.transforms, now.basis(), now.array("u_values"));
      VorticityResidual equation = vorticity(now.config, null);
      residual =
          FiniteDifferences.vorticity(
              now.number("T"),
              now.number("nu"),
              u,
              VorticityResidual.velocityX(w).values().toDoubleArray(),
              equation.velocityY(w).values().toDoubleArray(),
              shape);
    } else if (now.config.get("pde").asText().equals("poisson_periodic")) {
      double[] source = golden.doubles("phi_values");
      residual = FiniteDifferences.poissonPeriodic(u, source, shape[0], shape[1]);
    } else {
      double[] source = golden.doubles("phi_values");
      residual = FiniteDifferences.poisson(u, source, shape[0], shape[1]);
    }
    now.see("residual", residual);
    now.see("mean_square", Arrays.stream(residual).map(r -> r * r).average().orElseThrow());
    now.see("mean_abs", Arrays.stream(residual).map(Math::abs).average().orElseThrow());
  }
}
