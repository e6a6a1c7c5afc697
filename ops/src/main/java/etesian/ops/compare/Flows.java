package etesian.ops.compare;

import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.spectral.NavierStokes;
import etesian.operators.training.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Vorticity of forced flows on the torus, once each unit of time, viscosity 1e-5, 64 x 64, force
 * 0.1 (sin 2 pi (x + y) + cos 2 pi (x + y)): the task of the Fourier Neural Operator (Li et al.,
 * 2021), solved here. Each flow begins at random; flows, not times, are kept apart for validation
 * and test: an eighth each, the last ones.
 *
 * @param vorticity shape (flows, {@link #TIMES}, {@link #SIZE}, {@link #SIZE})
 */
record Flows(Tensor vorticity) {
  static final int SIZE = 64;
  static final int CELLS = SIZE * SIZE;

  private static final double VISCOSITY = 1e-5;

  /** Per unit of time and point of an axis: a finer grid needs shorter steps to stay stable. */
  private static final double STEPS_PER_POINT = 100.0 / 64;

  /** Until the force has made vortices. */
  private static final int FIRST = 5;

  /** Fields of a flow. */
  static final int TIMES = 21;

  private static final int BATCH = 8;
  private static final String NAME = "vorticity";

  /**
   * @param flows a multiple of 8
   */
  static Flows solved(int flows, long seed, DoubleConsumer progress) {
    if (flows < BATCH || flows % BATCH != 0) {
      throw new IllegalArgumentException(flows + " flows, expected a multiple of " + BATCH);
    }
    float[] all = new float[flows * TIMES * CELLS];
    for (int from = 0; from < flows; from += BATCH) {
      double done = from;
      float[] some =
          solved(
              SIZE,
              BATCH,
              TIMES,
              seed + from,
              share -> progress.accept((done + BATCH * share) / flows));
      System.arraycopy(some, 0, all, from * TIMES * CELLS, some.length);
    }
    return new Flows(new Tensor(all, flows, TIMES, SIZE, SIZE));
  }

  /**
   * Flows that are solved together.
   *
   * @param size points per axis
   * @param times fields of each flow
   * @param progress is told the share that is done, 0 first
   * @return (flows, times, size, size)
   */
  static float[] solved(int size, int flows, int times, long seed, DoubleConsumer progress) {
    int cells = size * size;
    int steps = (int) Math.ceil(STEPS_PER_POINT * size);
    int last = FIRST + times - 1;
    float[] all = new float[flows * times * cells];
    progress.accept(0);
    try (NavierStokes flow = new NavierStokes(size, VISCOSITY, 1.0 / steps, steps)) {
      double[] force = force(size);
      double[] w = flow.randomFields(flows, seed);
      for (int time = 1; time <= last; time++) {
        w = flow.advance(w, force);
        for (int i = 0; i < flows && time >= FIRST; i++) {
          int at = (i * times + time - FIRST) * cells;
          for (int cell = 0; cell < cells; cell++) {
            all[at + cell] = (float) w[i * cells + cell];
          }
        }
        progress.accept((double) time / last);
      }
    }
    return all;
  }

  /** The same from a file of an earlier call, or into one. */
  static Flows kept(Path folder, int flows, long seed, DoubleConsumer progress) {
    Path file = folder.resolve("navier-stokes-%d-flows-seed-%d.safetensors".formatted(flows, seed));
    return new Flows(kept(file, () -> solved(flows, seed, progress).vorticity));
  }

  /** What the file holds, or what is solved, which goes into it. */
  static Tensor kept(Path file, Supplier<Tensor> solve) {
    try {
      if (Files.exists(file)) {
        return SafeTensors.read(file).tensors().get(NAME);
      }
      Tensor solved = solve.get();
      Files.createDirectories(file.toAbsolutePath().getParent());
      SafeTensors.save(new Weights(Map.of(), Map.of(NAME, solved)), file);
      return solved;
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  private static double[] force(int size) {
    double[] force = new double[size * size];
    Arrays.setAll(
        force,
        i -> {
          double phase = 2 * Math.PI * (i / size + i % size) / size;
          return 0.1 * (Math.sin(phase) + Math.cos(phase));
        });
    return force;
  }

  int size() {
    return (int) vorticity.shape()[0];
  }

  private int eighth() {
    return size() / 8;
  }

  Samples training() {
    return pairs(0, size() - 2 * eighth());
  }

  Samples validation() {
    return pairs(size() - 2 * eighth(), size() - eighth());
  }

  Samples test() {
    return pairs(size() - eighth(), size());
  }

  /** Each field and the next, of the flows from (inclusive) to (exclusive). */
  private Samples pairs(int from, int to) {
    int steps = TIMES - 1;
    float[] input = new float[(to - from) * steps * CELLS];
    float[] target = new float[input.length];
    for (int flow = from; flow < to; flow++) {
      int source = flow * TIMES * CELLS;
      int at = (flow - from) * steps * CELLS;
      System.arraycopy(vorticity.values(), source, input, at, steps * CELLS);
      System.arraycopy(vorticity.values(), source + CELLS, target, at, steps * CELLS);
    }
    return new Samples(fields(input), fields(target));
  }

  /**
   * Fields of the test flows so many steps after each of their starts, every {@code every} steps
   * from the first on; shape (starts, 1, SIZE, SIZE).
   *
   * @param longest steps that every start must leave room for
   */
  Tensor after(int steps, int every, int longest) {
    int starts = (TIMES - 1 - longest) / every + 1;
    float[] chosen = new float[eighth() * starts * CELLS];
    for (int i = 0; i < eighth() * starts; i++) {
      int flow = size() - eighth() + i / starts;
      int time = i % starts * every + steps;
      int source = (flow * TIMES + time) * CELLS;
      System.arraycopy(vorticity.values(), source, chosen, i * CELLS, CELLS);
    }
    return fields(chosen);
  }

  private static Tensor fields(float[] values) {
    return new Tensor(values, values.length / CELLS, 1, SIZE, SIZE);
  }
}
