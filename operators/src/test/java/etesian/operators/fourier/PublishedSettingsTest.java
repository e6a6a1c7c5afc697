package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedSettingsTest {
  private static final int[] GRID = {12, 18};
  private static final String FNO =
      "'in_channels': 2, 'out_channels': 1, 'hidden_channels': 10, 'n_modes': [4, 6]";
  private static final String UNO =
      "'model': 'UNO', 'in_channels': 2, 'out_channels': 1, 'hidden_channels': 8, 'n_layers': 5,"
          + " 'uno_out_channels': [8, 9, 9, 9, 8], 'channel_mlp_skip': 'linear',"
          + " 'uno_n_modes': [[4, 4], [3, 3], [3, 3], [3, 3], [4, 4]],"
          + " 'uno_scalings': [[1, 1], [0.5, 0.5], [1, 1], [1, 1], [2, 2]]";

  @Test
  void whatIsNotSaidIsAsPublished() {
    FnoSettings settings = read(FNO);
    assertThat(settings.layers()).hasSize(4);
    assertThat(settings.lifting()).isEqualTo(20);
    assertThat(settings.projection()).isEqualTo(20);
    assertThat(settings.expansion()).isEqualTo(0.5);
    assertThat(settings.spectralSkip()).isEqualTo(Skip.LINEAR);
    assertThat(settings.mlpSkip()).isEqualTo(Skip.GATE);
    assertThat(settings.coordinates()).isTrue();
    assertThat(settings.placement()).isEqualTo(Placement.LEGACY);
    assertThat(read(FNO + ", 'model': 'TFNO'"))
        .extracting(FnoSettings::factorization, FnoSettings::rank)
        .containsExactly(Factorization.TUCKER, 0.1);
    assertThat(read(FNO + ", 'model': 'SFNO'").sphereGrid()).isEqualTo(SphereGrid.EQUIANGULAR);
  }

  @Test
  void nothingIsAnotherWordThanSilence() {
    FnoSettings settings =
        read(FNO + ", 'fno_skip': null, 'channel_mlp_skip': null, 'positional_embedding': null");
    assertThat(settings.spectralSkip()).isEqualTo(Skip.NONE);
    assertThat(settings.mlpSkip()).isEqualTo(Skip.NONE);
    assertThat(settings.coordinates()).isFalse();
  }

  @Test
  void everyLaterLayerOfAUnoSeesTheEarlierOneOfItsSize() {
    assertThat(read(UNO).across()).isEqualTo(Map.of(4, 0, 3, 1));
    assertThat(read(UNO + ", 'horizontal_skips_map': null").across()).isEqualTo(Map.of(4, 0, 3, 1));
    assertThat(read(UNO + ", 'horizontal_skips_map': {'4': 1}").across()).isEqualTo(Map.of(4, 1));
    assertThat(read(UNO + ", 'horizontal_skips_map': {}").across()).isEmpty();
    assertThat(read(UNO).lifting()).isEqualTo(256);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2; 24 36; 48 72", // on a grid of 12 x 18
        "[1, 2]; 12 18; 24 36",
        "[[1, 2], [2, 0.5]]; 12 36; 24 18"
      })
  void scalesAreOfAllLayersOrOfEachOrOfEachAxis(String scaling, String first, String second) {
    JsonNode config =
        tree("{" + FNO + ", 'n_layers': 2, 'resolution_scaling_factor': " + scaling + "}");
    int[] out = Arrays.stream(second.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(sizes(PublishedSettings.of(config, GRID, out))).containsExactly(first, second);
    assertThat(PublishedSettings.isShapeOfCall(config, GRID, out)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[17, 7]; 12 18; 17 7",
        "[[5, 6], [17, 7]]; 5 6; 17 7",
        "[null, [17, 7]]; 12 18; 17 7"
      })
  void anOutputShapeIsThatOfTheLastLayerOrOfEach(String shape, String first, String second) {
    FnoSettings settings = read(FNO + ", 'n_layers': 2, 'output_shape': " + shape);
    assertThat(sizes(settings)).containsExactly(first, second);
  }

  @Test
  void anAxisHasItsOwnPadding() {
    assertThat(read(FNO + ", 'domain_padding': [0.25, 0]").padding()).containsExactly(0.25, 0.0);
    assertThat(read(FNO + ", 'domain_padding': 0.5").padding()).containsExactly(0.5, 0.5);
  }

  @Test
  void aWeightMayStoreMoreThanIsInUse() {
    FnoLayer layer = read(FNO + ", 'max_n_modes': [8, 5]").layers().get(0);
    assertThat(layer.stored()).containsExactly(8, 5);
    assertThat(layer.modes()).containsExactly(4, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tucker", "Tucker", "ComplexTucker"})
  void factorisationsHaveManySpellings(String name) {
    FnoSettings settings = read(FNO + ", 'rank': 0.5, 'factorization': '" + name + "'");
    assertThat(settings.factorization()).isEqualTo(Factorization.TUCKER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'complex_data': true; complex_data = true is not followed",
        "'non_linearity': 'relu'; non_linearity = \"relu\" is not followed, expected gelu",
        "'stabilizer': 'clip'; stabilizer = clip, expected tanh",
        "'norm': 'ada_in'; norm = \"ada_in\" is not followed",
        "'fno_skip': 'quadratic'; fno_skip = quadratic, expected one of",
        "'factorization': 'block', 'rank': 1; factorization = block, expected one of",
        "'factorization': 'cp', 'rank': 7; rank = 7.0 is not followed",
        "'domain_padding': [0.1]; domain_padding = [0.1] for 2 axes",
        "'output_shape': [9]; output_shape [9] of 2 axes",
        "'model': 'GNO'; model = GNO, expected one of"
      })
  void whatIsNotFollowedIsRefused(String argument, String problem) {
    assertThatThrownBy(() -> read(FNO + ", " + argument)).hasMessageContaining(problem);
  }

  @Test
  void whatNobodyReadsIsNamed() {
    String json = "{" + FNO + ", 'seed': 3, 'colour': 'red', 'preactivation': true}";
    assertThat(PublishedSettings.unknown(tree(json))).containsExactly("colour");
  }

  /** It is an argument of the call, so that a file may not name it. */
  @Test
  void theLastLayerLeadsToTheGridOfTheOutput() {
    JsonNode config = tree("{" + FNO + ", 'n_layers': 2}");
    int[] out = {17, 9};
    assertThat(sizes(PublishedSettings.of(config, GRID, out))).containsExactly("12 18", "17 9");
    assertThat(PublishedSettings.isShapeOfCall(config, GRID, out)).isTrue();
    assertThat(PublishedSettings.isShapeOfCall(config, GRID, GRID)).isFalse();
  }

  @Test
  void anArgumentThatIsMissingIsNamed() {
    assertThatThrownBy(() -> read("'in_channels': 1"))
        .hasMessageContaining("argument 'hidden_channels' is missing");
    assertThatThrownBy(() -> read(UNO + ", 'n_layers': 6"))
        .hasMessageContaining("uno_scalings = [[1,1],[0.5,0.5],[1,1],[1,1],[2,2]] has no layer 5");
  }

  /** Behind each layer, of a grid of 12 x 18. */
  private static List<String> sizes(FnoSettings settings) {
    int[] size = GRID.clone();
    return settings.layers().stream()
        .map(
            layer -> {
              for (int axis = 0; axis < 2; axis++) {
                size[axis] = (int) Math.rint(size[axis] * layer.scale().get(axis));
              }
              return size[0] + " " + size[1];
            })
        .toList();
  }

  /** On a grid of 12 x 18, whose output has the same size. */
  private static FnoSettings read(String arguments) {
    return PublishedSettings.of(tree("{" + arguments + "}"), GRID, GRID);
  }

  private static JsonNode tree(String json) {
    try {
      return new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
