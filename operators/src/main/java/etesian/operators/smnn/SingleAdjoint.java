package etesian.operators.smnn;

/** The closed forms of {@link Adjoint} for a batch of one element, on plain numbers. */
final class SingleAdjoint {
  private final LinearOde ode;
  private final int n;
  private final int orders;
  private final double[] x;
  private final double[] y;
  private final double[][] toEarlier;
  private final double[][] toLater;
  private final double[][] fromEarlier;
  private final double[][] fromLater;
  private final double[] xEarlier;
  private final double[] xLater;
  private final double[] yEarlier;
  private final double[] yLater;

  /** Of solution x and of y, the solution with the cotangent as right side. */
  SingleAdjoint(LinearOde ode, double[] x, double[] y) {
    this.ode = ode;
    this.x = x;
    this.y = y;
    n = ode.unknowns();
    orders = ode.orders();
    Taylor taylor = new Taylor(orders, false);
    toEarlier = Taylor.slopes(taylor.earlier(), 1, false);
    toLater = Taylor.slopes(taylor.later(), 1, false);
    fromEarlier = Taylor.slopes(taylor.across(), -1, false);
    fromLater = Taylor.slopes(taylor.across(), -1, true);
    xEarlier = new double[n];
    xLater = new double[n];
    yEarlier = new double[n];
    yLater = new double[n];
  }

  /** Adds the gradients by r, and by c unless {@code byC} is null. */
  void addEquations(double[] byR, double[] byC) {
    double weight = ode.penalties().equation() * ode.penalties().equation();
    double[] c = ode.coefficients().values();
    double[] r = ode.rhs().values();
    int equations = ode.equations();
    for (int s = 0; s < ode.points(); s++) {
      int atC = ode.coefficients().fromEnd(4) == 1 ? 0 : s * equations * n;
      int atR = ode.rhs().fromEnd(2) == 1 ? 0 : s * equations;
      for (int e = 0; e < equations; e++) {
        int row = atC + e * n;
        double image = 0;
        double residual = r[atR + e];
        for (int i = 0; i < n; i++) {
          image += c[row + i] * y[s * n + i];
          residual -= c[row + i] * x[s * n + i];
        }
        byR[atR + e] += weight * image;
        for (int i = 0; i < n && byC != null; i++) {
          byC[row + i] += weight * (residual * y[s * n + i] - image * x[s * n + i]);
        }
      }
    }
  }

  /** Adds the gradient by v. */
  void addInitial(double[] byV) {
    double weight = ode.penalties().initial() * ode.penalties().initial();
    int known = ode.initial().fromEnd(1);
    for (int k = 0; k < byV.length; k++) {
      byV[k] += weight * y[k / known * orders + k % known];
    }
  }

  /** Adds the gradient by h: the form of {@link StepGradient}. */
  void addSteps(double[] byH) {
    double square = ode.penalties().smoothness() * ode.penalties().smoothness();
    double[] steps = ode.steps().values();
    for (int s = 0; s < ode.points() - 1; s++) {
      int gap = steps.length == 1 ? 0 : s;
      double h = steps[gap];
      scaleByOrder(xEarlier, x, s * n, h);
      scaleByOrder(yEarlier, y, s * n, h);
      scaleByOrder(xLater, x, (s + 1) * n, h);
      scaleByOrder(yLater, y, (s + 1) * n, h);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        int block = i / orders * orders;
        double[] ownEarlier = toEarlier[i - block];
        double[] ownLater = toLater[i - block];
        double[] laterOnEarlier = fromLater[i - block];
        double[] earlierOnLater = fromEarlier[i - block];
        double first = 0;
        double second = 0;
        for (int p = 0; p < orders; p++) {
          first += ownEarlier[p] * xEarlier[block + p] + laterOnEarlier[p] * xLater[block + p];
          second += ownLater[p] * xLater[block + p] + earlierOnLater[p] * xEarlier[block + p];
        }
        sum += yEarlier[i] * first + yLater[i] * second;
      }
      byH[gap] -= square * sum / h;
    }
  }

  /** {@code out[o] = h^o u[o]} for each variable. */
  private void scaleByOrder(double[] out, double[] u, int from, double h) {
    for (int block = 0; block < n; block += orders) {
      double power = 1;
      for (int o = 0; o < orders; o++) {
        out[block + o] = power * u[from + block + o];
        power *= h;
      }
    }
  }
}
