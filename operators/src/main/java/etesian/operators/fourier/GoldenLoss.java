package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import etesian.operators.Devices;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The loss of a golden file of a network: {@code (sum |e|^p)^(1/p)} of each channel of each sample.
 *
 * @param p at least 1
 * @param mean over samples and channels, else the sum
 * @param relative to the same of the target plus 1e-8, else with the size of a cell in the sum
 */
record GoldenLoss(int p, boolean mean, boolean relative) {
  private static final Pattern ORDER = Pattern.compile("p=(\\d+)");

  /**
   * @param name such as {@code LpLoss(d=2,p=1,reduction=mean).abs}; what it does not say is the
   *     relative L2 loss, summed
   * @throws IllegalArgumentException another loss
   */
  static GoldenLoss of(String name) {
    if (!name.isEmpty() && !name.startsWith("LpLoss")) {
      throw new IllegalArgumentException(
          "config_json: loss = " + name + ", expected LpLoss(d=2,p=2,reduction=sum).rel");
    }
    Matcher order = ORDER.matcher(name);
    int p = order.find() ? Integer.parseInt(order.group(1)) : 2;
    return new GoldenLoss(p, name.contains("mean"), !name.contains("abs"));
  }

  /** A scalar, of shape (samples, channels, axes of space...) for both. */
  NDArray of(NDArray prediction, NDArray target) {
    NDArray distance = norm(prediction.sub(target));
    if (relative) {
      distance = distance.div(norm(target).add(1e-8));
    }
    return mean ? distance.mean() : distance.sum();
  }

  private NDArray norm(NDArray u) {
    int[] space = IntStream.range(2, u.getShape().dimension()).toArray();
    NDArray sum = (p == 2 ? u.square() : u.abs().pow(Devices.number(u, p))).sum(space);
    if (!relative) {
      double points = (double) u.getShape().size() / (u.getShape().get(0) * u.getShape().get(1));
      sum = sum.mul(Devices.number(sum, 1 / points));
    }
    return p == 2 ? sum.sqrt() : sum.pow(Devices.number(sum, 1.0 / p));
  }
}
