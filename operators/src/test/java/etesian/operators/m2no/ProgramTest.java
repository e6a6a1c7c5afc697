package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.m2no.Program.Purpose;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The parts of {@code m2no.py}, one by one. */
class ProgramTest {
  private final NDManager manager = Devices.newManager();

  @AfterEach
  void free() {
    manager.close();
  }

  /** A kernel of ones and a bias of 1 on the rows (1 2 4 8), (16 32 64 128): sums of neighbours. */
  @ParameterizedTest
  @CsvSource({
    "ZEROS, 52 120 239 205 52 120 239 205",
    "CIRCULAR, 364 232 463 430 199 127 253 235",
    "REPLICATE, 73 127 253 361 133 232 463 661",
    "GLOBE, 199 127 253 235 364 232 463 430",
    "SPHERE, 202 133 250 229 412 328 415 334"
  })
  void eachPaddingGivesWhatIsWorkedByHand(Padding padding, String expected) {
    float[] cells = {1, 2, 4, 8, 16, 32, 64, 128};
    NDArray x = manager.create(cells, new Shape(1, 1, 2, 4));
    NDArray ones = named("p.layer.weight", manager.ones(new Shape(1, 1, 3, 3)));
    NDArray bias = named("p.layer.bias", manager.ones(new Shape(1)));
    NDArray sums =
        program(2, 1, 1, padding, Packing.RESHAPE, DataType.FLOAT32)
            .part("convolved", manager, x, ones, bias);
    StringBuilder text = new StringBuilder();
    for (float sum : Devices.read(sums).values()) {
      text.append(' ').append(Math.round(sum));
    }
    assertThat(text.substring(1)).isEqualTo(expected);
  }

  /** On large grids borders are repaired instead of padded. */
  @ParameterizedTest
  @EnumSource(names = "ZEROS", mode = EnumSource.Mode.EXCLUDE)
  void aRepairedBorderEqualsAPaddedOne(Padding padding) {
    NDArray x = manager.randomNormal(new Shape(2, 4, 310, 320));
    NDArray w = named("p.layer.weight", manager.randomNormal(new Shape(4, 4, 3, 3)));
    NDArray repaired =
        program(2, 2, 1, padding, Packing.RESHAPE, DataType.FLOAT32)
            .part("convolved", manager, x, w);
    NDArray padded =
        new Program(
                settings(2, 2, 1, padding, Packing.RESHAPE),
                DataType.FLOAT32,
                M2no.Precision.FLOAT32,
                manager,
                Purpose.TRAINING)
            .part("convolved", manager, x, w);
    assertThat(deviation(repaired, padded)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,3", "2,1", "2,2", "3,2", "4,1"})
  void restrictingAProlongationGivesTheSameBack(int k, int c) {
    for (Packing packing : Packing.values()) {
      NDArray line = random(2, (long) c * k, 1, 12);
      NDArray plane = random(2, (long) c * k * k, 6, 10);
      Program onLine = program(1, k, c, Padding.ZEROS, packing, DataType.FLOAT64);
      Program onPlane = program(2, k, c, Padding.ZEROS, packing, DataType.FLOAT64);
      assertThat(deviation(thereAndBack(onLine, line), line)).isLessThan(1e-6);
      assertThat(deviation(thereAndBack(onPlane, plane), plane)).isLessThan(1e-6);
    }
  }

  private NDArray thereAndBack(Program program, NDArray x) {
    return program.part("restricted", manager, program.part("prolongated", manager, x));
  }

  @Test
  void oneFunctionOnALineSumsPairs() {
    NDArray x = manager.create(new double[] {1, 2, 3, 5}, new Shape(1, 1, 1, 4));
    NDArray coarse =
        program(1, 1, 1, Padding.ZEROS, Packing.RESHAPE, DataType.FLOAT64)
            .part("restricted", manager, x);
    assertThat(coarse.mul(Math.sqrt(2)).toDoubleArray())
        .containsExactly(new double[] {3, 8}, within(1e-6));
  }

  /**
   * Reshape: four cells of one row, and fine row 0 becomes the left half. Tensor: 2 x 2 patches.
   */
  @ParameterizedTest
  @CsvSource({"RESHAPE, 3 11 19 27", "TENSOR, 5 9 21 25"})
  void oneFunctionOnAPlaneSumsFourCells(Packing packing, String expected) {
    NDArray x = manager.arange(16).toType(DataType.FLOAT64, false).reshape(1, 1, 4, 4);
    NDArray coarse =
        program(2, 1, 1, Padding.ZEROS, packing, DataType.FLOAT64).part("restricted", manager, x);
    assertThat(coarse.getShape()).isEqualTo(new Shape(1, 1, 2, 2));
    double[] sums = List.of(expected.split(" ")).stream().mapToDouble(Double::valueOf).toArray();
    assertThat(coarse.toDoubleArray()).containsExactly(sums, within(1e-13));
  }

  /** In float32 the difference of two squares of ten thousand has no digit of such a variance. */
  @Test
  void aNormFindsSmallWavesOnALargeMean() {
    int n = 16;
    float[] x = new float[4 * n * n];
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double wave = Math.sqrt(2) * Math.cos(2 * Math.PI * i / n);
      x[i] = (float) (100 + 0.25 * wave);
      expected[i] = 2 * wave + 3;
    }
    M2noSettings settings =
        settings(2, 2, 1, Padding.ZEROS, Packing.TENSOR)
            .withLevels(Packing.TENSOR, Cycle.STATE, false, Norm.CHANNEL);
    NDArray channelsLast = manager.create(x, new Shape(1, n, n, 4)).transpose(0, 3, 1, 2);
    NDArray weight = named("p.layer.weight", manager.ones(new Shape(4)).mul(2));
    NDArray bias = named("p.layer.bias", manager.ones(new Shape(4)).mul(3));
    double[] actual =
        new Program(settings, DataType.FLOAT32, M2no.Precision.FLOAT32, manager, Purpose.SERVING)
            .part("normalised", manager, channelsLast, weight, bias)
            .transpose(0, 2, 3, 1)
            .toType(DataType.FLOAT64, true)
            .toDoubleArray();
    assertThat(actual).containsExactly(expected, within(5e-3)); // 100 has an ulp of 8e-6
  }

  private Program program(int dim, int k, int c, Padding padding, Packing packing, DataType type) {
    return new Program(
        settings(dim, k, c, padding, packing),
        type,
        M2no.Precision.FLOAT32,
        manager,
        Purpose.SERVING);
  }

  private static M2noSettings settings(int dim, int k, int c, Padding padding, Packing packing) {
    return new M2noSettings(
        dim,
        1,
        1,
        k,
        c,
        1,
        List.of(1),
        Base.LEGENDRE,
        padding,
        packing,
        Cycle.STATE,
        false,
        Norm.NONE,
        true,
        Activation.GELU,
        dim == 1 ? List.of(4) : List.of(4, 4),
        GridPadding.exact(dim == 1 ? 1 : 4, 4),
        false);
  }

  private static NDArray named(String name, NDArray array) {
    array.setName(name);
    return array;
  }

  private NDArray random(long... shape) {
    return manager.randomNormal(new Shape(shape)).toType(DataType.FLOAT64, false);
  }

  private static double deviation(NDArray a, NDArray b) {
    assertThat(a.getShape()).isEqualTo(b.getShape());
    return a.sub(b).abs().max().toType(DataType.FLOAT64, false).getDouble();
  }
}
