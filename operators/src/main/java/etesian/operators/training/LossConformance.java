package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
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
import java.util.function.UnaryOperator;

/**
 * Compares losses with their gradients, derivatives and the balance of losses with golden vectors
 * of NeuralOperator, in float64: greatest deviation over greatest value.
 */
public final class LossConformance implements GoldenRunner {
  private static final double TOLERANCE = 1e-10;
  private static final double STORED_TOLERANCE = 2e-6; // the truth of gradients is in float32
  private static final String LOSS = "loss/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> AXES = List.of("x", "y", "z");
  private static final List<String> WORDS =
      List.of("rel", "abs", "sum", "mean", "periodic", "nonperiodic", "noroot", "measure2pi");

  @Override
  public String kind() {
    return "neuralop";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return isLosses(arrays) || arrays.has("fd_dx_per") || arrays.has("softadapt_total");
  }

  private static boolean isLosses(Npz arrays) {
    return arrays.names().stream().anyMatch(name -> name.startsWith(LOSS)) && arrays.has("y");
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    Comparison worst = new Comparison();
    try (NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      if (golden.has("softadapt_total")) {
        balance(golden, worst);
      } else if (golden.has("fd_dx_per")) {
        derivatives(golden, JSON.readTree(golden.text("config_json")), scope, worst);
      } else {
        losses(golden, scope, worst);
      }
    } catch (JsonProcessingException e) {
      return CaseResult.failed(file.name(), kind(), "config_json: " + e.getMessage());
    }
    return worst.result(file.name(), kind());
  }

  private static void losses(Npz golden, NDManager scope, Comparison worst) {
    NDArray y = array(golden, "y", scope);
    for (String name : golden.names()) {
      if (name.startsWith(LOSS)) {
        String key = name.substring(LOSS.length());
        NDArray x = array(golden, "x", scope);
        x.setRequiresGradient(true);
        int axes = x.getShape().dimension() - 2;
        double value =
            Devices.differentiate(
                () -> key.equals("MSE") ? squares(x.sub(y)) : loss(key, axes).of(x, y));
        worst.see(name, new double[] {value}, golden.doubles(name), TOLERANCE);
        double[] slope = numbers(x.getGradient());
        worst.see("grad/" + key, slope, golden.doubles("grad/" + key), STORED_TOLERANCE);
      }
    }
  }

  /** Mean over all of a sample, summed over samples. */
  private static NDArray squares(NDArray e) {
    return e.square().mean().mul(Devices.number(e, (double) e.getShape().get(0)));
  }

  /** From a name such as {@code H1_rel_mean_periodic_noroot}. */
  private static FunctionLoss loss(String key, int axes) {
    List<String> words = Arrays.asList(key.split("_"));
    boolean periodic = words.contains("periodic");
    String kind = words.get(0);
    boolean known = kind.matches("H1|Hdiv|Lp?\\d+(\\.\\d+)?");
    if (!known || !WORDS.containsAll(words.subList(1, words.size()))) {
      throw new IllegalArgumentException(
          "loss " + key + ": expected Lp with an order, H1 or Hdiv, and some of " + WORDS);
    }
    FunctionLoss loss =
        switch (kind) {
          case "H1" -> FunctionLoss.h1(axes, periodic);
          case "Hdiv" -> FunctionLoss.hdiv(axes, periodic);
          default -> FunctionLoss.lp(Double.parseDouble(kind.replaceAll("^Lp?", "")), axes);
        };
    if (words.contains("measure2pi")) {
      double[] lengths = new double[axes];
      Arrays.fill(lengths, 2 * Math.PI);
      loss = loss.on(lengths);
    }
    loss = words.contains("abs") ? loss.absolute() : loss;
    loss = words.contains("mean") ? loss.mean() : loss;
    return words.contains("noroot") ? loss.withoutRoot() : loss;
  }

  private static void derivatives(Npz golden, JsonNode config, NDManager scope, Comparison worst) {
    double[] gaps = numbers(config.get("h"));
    NDArray u = array(golden, "u", scope);
    for (boolean periodic : new boolean[] {true, false}) {
      FiniteDifferences fd = new FiniteDifferences(periodic, gaps);
      String suffix = periodic ? "_per" : "_nonper";
      for (int axis = 0; axis < gaps.length; axis++) {
        String of = "fd_d" + AXES.get(axis);
        see(worst, golden, of + suffix, fd.first(u, axis));
        see(worst, golden, of + AXES.get(axis) + suffix, fd.second(u, axis));
      }
      see(worst, golden, "fd_lap" + suffix, fd.laplacian(u));
    }
    waves(golden, config, u, worst);
    if (golden.has("v")) {
      NDArray v = array(golden, "v", scope);
      NDList components = new NDList();
      for (int axis = 0; axis < gaps.length; axis++) {
        components.add(v.get(":, " + axis));
      }
      FiniteDifferences fd = new FiniteDifferences(true, gaps);
      see(worst, golden, "fd_div_per", fd.divergence(components));
      if (gaps.length == 2) {
        see(worst, golden, "fd_curl_per", fd.curl(components));
      }
    }
    if (golden.has("burgers_u")) {
      burgers(golden, config, scope, worst);
    }
  }

  private static void waves(Npz golden, JsonNode config, NDArray u, Comparison worst) {
    double[] lengths = numbers(config.get("L"));
    FourierDerivatives waves = new FourierDerivatives(lengths);
    for (int axis = 0; axis < lengths.length; axis++) {
      for (int order = 1; order <= 2; order++) {
        String name = "fourier_d" + AXES.get(axis).repeat(order);
        if (golden.has(name)) { // of the second order there is not every one
          see(worst, golden, name, waves.derivative(u, axis, order));
        }
      }
    }
    see(worst, golden, "fourier_lap", waves.laplacian(u));
  }

  private static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    Arrays.setAll(numbers, i -> list.get(i).asDouble());
    return numbers;
  }

  /** U_t + u u_x - nu u_xx on (time, x), and the deviation from an initial state. */
  private static void burgers(Npz golden, JsonNode config, NDManager scope, Comparison worst) {
    NDArray u = array(golden, "burgers_u", scope);
    u.setRequiresGradient(true);
    long times = u.getShape().get(2);
    long points = u.getShape().get(3);
    double dt = config.get("domain_length").get(0).asDouble() / (times - 1);
    double dx = config.get("domain_length").get(1).asDouble() / points;
    FiniteDifferences fd = new FiniteDifferences(false, dt, dx);
    double nu = config.get("visc").asDouble();
    UnaryOperator<NDArray> residual =
        w ->
            fd.first(w, 0)
                .add(w.mul(fd.first(w, 1)))
                .sub(fd.second(w, 1).mul(Devices.number(w, nu)));
    double loss = Devices.differentiate(() -> residual.apply(u).square().mean());
    worst.see("burgers_loss", new double[] {loss}, golden.doubles("burgers_loss"), TOLERANCE);
    double[] slope = numbers(u.getGradient());
    worst.see("burgers_grad", slope, golden.doubles("burgers_grad"), STORED_TOLERANCE);
    NDArray start = array(golden, "ic_y", scope).get(":, :, 0").sub(u.get(":, :, 0"));
    double initial = start.square().mean().getDouble();
    worst.see("ic_loss", new double[] {initial}, golden.doubles("ic_loss"), TOLERANCE);
  }

  private static void balance(Npz golden, Comparison worst) {
    int[] shape = golden.shape("losses");
    double[] losses = golden.doubles("losses");
    double[] totals = new double[shape[0]];
    double[] weights = new double[losses.length];
    SoftAdapt balance = new SoftAdapt();
    for (int step = 0; step < shape[0]; step++) {
      int from = step * shape[1];
      double[] now = Arrays.copyOfRange(losses, from, from + shape[1]);
      double[] factors = balance.factors(now);
      for (int i = 0; i < now.length; i++) {
        totals[step] += factors[i] * now[i];
      }
      System.arraycopy(balance.weights(), 0, weights, from, shape[1]);
    }
    worst.see("softadapt_total", totals, golden.doubles("softadapt_total"), TOLERANCE);
    worst.see("softadapt_lambda", weights, golden.doubles("softadapt_lambda"), TOLERANCE);
  }

  private static void see(Comparison worst, Npz golden, String name, NDArray actual) {
    double[] values = numbers(actual);
    worst.see(name, values, golden.doubles(name), TOLERANCE);
  }

  /** In logical order; a gradient may lie otherwise. */
  private static double[] numbers(NDArray array) {
    return array.reshape(-1).toDoubleArray();
  }

  private static NDArray array(Npz golden, String name, NDManager scope) {
    long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
    return scope.create(golden.doubles(name), new Shape(shape)).duplicate();
  }
}
