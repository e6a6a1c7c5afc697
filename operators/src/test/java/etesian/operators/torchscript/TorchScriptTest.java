package etesian.operators.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchScriptTest {
  private static final String HEAD =
      """
      class Program(Module):
        __parameters__ = []
        __buffers__ = []
      """;

  private final NDManager manager = Devices.newManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void attributesOfEveryTypeReachTheProgram() {
    TorchScript program =
        TorchScript.compile(
            manager,
            HEAD
                + """
                  flag : bool
                  count : int
                  scale : float
                  name : str
                  levels : List[int]
                  def forward(self: __torch__.Program, x: Tensor) -> Tensor:
                    y = x * self.scale + self.count
                    for level in self.levels:
                      y = y + level
                    if self.flag and self.name == "höhe":
                      return y
                    return x
                """,
            Map.of(
                "flag",
                true,
                "count",
                -70000,
                "scale",
                0.1,
                "name",
                "höhe",
                "levels",
                List.of(300, 2)));
    NDArray x = manager.create(new float[] {10, 20});
    assertThat(call(program, "forward", x).head().toFloatArray())
        .containsExactly(1 - 70000 + 302, 2 - 70000 + 302);
  }

  @Test
  void namedArraysAreADictionaryOrAList() {
    TorchScript program =
        TorchScript.compile(
            manager,
            HEAD
                + """
                  def sums(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], l: List[Tensor]) -> Dict[str, Tensor]:
                    return {"dictionary": x + p["a.weight"], "list": x + l[0] * l[1]}
                """,
            Map.of());
    NDArray x = manager.create(1f);
    NDList sums =
        call(program, "sums", x, named("p.a.weight", 2), named("l[]", 3), named("l[]", 4));
    sums.sort(Comparator.comparing(NDArray::getName));
    assertThat(sums).extracting(NDArray::getName).containsExactly("dictionary", "list");
    assertThat(sums).extracting(NDArray::getFloat).containsExactly(3f, 13f);
  }

  @Test
  void equalArraysAreStillTwoArguments() {
    TorchScript program =
        TorchScript.compile(
            manager,
            HEAD
                + """
                  def sum(self: __torch__.Program, x: Tensor, y: Tensor) -> Tensor:
                    return x + y
                """,
            Map.of());
    NDList sum = call(program, "sum", manager.create(2f), manager.create(2f));
    assertThat(sum.head().getFloat()).isEqualTo(4);
  }

  /** d/dw of sum( |rfft(w)|^2 ) is 2 n w where all frequencies count, by Parseval. */
  @Test
  void gradientsGoThroughOperationsThatTheEngineLacks() {
    TorchScript program =
        TorchScript.compile(
            manager,
            HEAD
                + """
                  def power(self: __torch__.Program, w: Tensor) -> Tensor:
                    f = torch.view_as_real(torch.fft_fft(w))
                    return torch.sum(f * f)
                """,
            Map.of());
    NDArray w = manager.create(new float[] {1, -2, 3, 5});
    w.setRequiresGradient(true);
    double power =
        Devices.differentiate(() -> program.call(manager, "power", true, List.of(w)).head());
    assertThat(power).isCloseTo(4 * 39, within(1e-3));
    assertThat(w.getGradient().toFloatArray())
        .containsExactly(new float[] {8, -16, 24, 40}, within(1e-4f));
  }

  @Test
  void aCallWithoutGradientsRecordsNothing() {
    TorchScript program =
        TorchScript.compile(
            manager,
            HEAD + "  def twice(self: __torch__.Program, x: Tensor) -> Tensor:\n    return x + x\n",
            Map.of());
    NDArray x = manager.ones(new Shape(2));
    x.setRequiresGradient(true);
    assertThat(call(program, "twice", x).head().hasGradient()).isFalse();
  }

  @Test
  void anErrorInTheSourceSaysWhere() {
    String wrong = HEAD + "  def f(self: __torch__.Program, x: Tensor) -> Tensor:\n    return y\n";
    assertThatThrownBy(() -> TorchScript.compile(manager, wrong, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("undefined value y")
        .hasMessageContaining("line 5");
  }

  private NDArray named(String name, float value) {
    NDArray array = manager.create(value);
    array.setName(name);
    return array;
  }

  private NDList call(TorchScript program, String method, NDArray... arguments) {
    return program.call(manager, method, false, List.of(arguments));
  }
}
