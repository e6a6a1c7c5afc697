package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import ucar.nc2.NetcdfFile;
import ucar.nc2.Variable;

/** NetCDF-Java reads what we write. */
class ClassicNetcdfTest {

  @Property(tries = 100)
  void everyTypeComesBackAtEveryLength(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll long seed)
      throws IOException {
    int n = rows * columns;
    Random random = new Random(seed);
    byte[] bytes = new byte[n];
    random.nextBytes(bytes);
    short[] shorts = new short[n];
    int[] ints = random.ints(n).toArray();
    float[] floats = new float[n];
    double[] doubles = random.doubles(n).toArray();
    char[] chars = new char[n];
    for (int i = 0; i < n; i++) {
      shorts[i] = (short) ints[i];
      floats[i] = Float.intBitsToFloat(ints[i]);
      chars[i] = (char) ('a' + i % 26);
    }
    ClassicNetcdf file = new ClassicNetcdf().dimension("y", rows).dimension("x", columns);
    Object[] all = {bytes, shorts, ints, floats, doubles, chars};
    for (int i = 0; i < all.length; i++) {
      file.variable("v" + i, all[i], "y", "x");
    }
    try (NetcdfFile read = NetcdfFile.openInMemory("test.nc", file.toBytes())) {
      for (int i = 0; i < all.length; i++) {
        Variable variable = read.findVariable("v" + i);
        assertThat(variable.getShape()).containsExactly(rows, columns);
        assertThat(variable.read().copyTo1DJavaArray()).isEqualTo(all[i]);
      }
    }
  }

  @Test
  void attributesOfEveryTypeComeBack() throws IOException {
    ClassicNetcdf file =
        new ClassicNetcdf().attribute("title", "Température de l’eau").attribute("empty", "");
    file.variable("scalar", new double[] {1.5})
        .attribute("units", "K")
        .attribute("byte", (byte) -1)
        .attribute("valid_range", new short[] {-3, 4})
        .attribute("int", 70000)
        .attribute("_FillValue", Float.NaN)
        .attribute("scale_factor", 0.000476989843887097);
    try (NetcdfFile read = NetcdfFile.openInMemory("test.nc", file.toBytes())) {
      Variable scalar = read.findVariable("scalar");
      assertThat(read.findGlobalAttribute("title").getStringValue())
          .isEqualTo("Température de l’eau");
      assertThat(scalar.getRank()).isZero();
      assertThat(scalar.readScalarDouble()).isEqualTo(1.5);
      assertThat(scalar.findAttribute("units").getStringValue()).isEqualTo("K");
      assertThat(number(scalar, "byte", 0)).isEqualTo(-1);
      assertThat(number(scalar, "valid_range", 0)).isEqualTo(-3);
      assertThat(number(scalar, "valid_range", 1)).isEqualTo(4);
      assertThat(number(scalar, "int", 0)).isEqualTo(70000);
      assertThat(number(scalar, "_FillValue", 0)).isNaN();
      assertThat(number(scalar, "scale_factor", 0)).isEqualTo(0.000476989843887097);
    }
  }

  @Test
  void aFileMayLackThePaddingAtItsEndButNoValue() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("x", 3);
    file.variable("v", new short[] {1, 2, 3}, "x");
    byte[] bytes = file.toBytes();
    open(Arrays.copyOf(bytes, bytes.length - 2));
    assertThatThrownBy(() -> open(Arrays.copyOf(bytes, bytes.length - 3)))
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("test.nc", bytes.length - 3 + " bytes", "copy the file again");
  }

  @Test
  void mistakesAreNamed() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("x", 3);
    assertThatThrownBy(() -> file.variable("v", new int[2], "x"))
        .hasMessageContainingAll("v", "2 values for 3 cells");
    assertThatThrownBy(() -> file.variable("v", new int[2], "y"))
        .hasMessageContainingAll("no dimension 'y'", "[x]");
    assertThatThrownBy(() -> file.variable("v", new long[3], "x"))
        .hasMessageContaining("got long[]");
    assertThatThrownBy(() -> file.dimension("x", 4)).hasMessageContaining("twice");
  }

  private static void open(byte[] bytes) throws Refusal {
    ClassicFile.open(ByteBuffer.wrap(bytes), "test.nc", Limits.DEFAULT).close();
  }

  private static double number(Variable variable, String attribute, int i) {
    return variable.findAttribute(attribute).getNumericValue(i).doubleValue();
  }
}
