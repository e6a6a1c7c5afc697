package etesian.ops.plot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ops.plot.ColourScale.Kind;
import etesian.ops.plot.FieldPicture.Words;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class FieldPictureTest {
  private static final Grid WORLD = new Grid(2, 4, 45, 0, 90, 90);
  private static final float[] VALUES = {0, 1, 2, 3, 4, 5, 6, Float.NaN};

  private static BufferedImage image(String base64) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  @Test
  void aPixelOverTheCentreOfACellHasItsColour() throws Exception {
    ColourScale scale = ColourScale.over(Kind.VALUE, List.of(VALUES));
    // A pixel a degree: the column at 0 E lies in the middle, that at 180 E at both borders.
    BufferedImage image = image(new Raster(WORLD, VALUES, scale).png(Frame.of(WORLD), 360, 180));
    assertThat(image.getWidth()).isEqualTo(360);
    assertThat(near(rgb(image, 180, 45), scale.of(0))).isTrue();
    assertThat(near(rgb(image, 270, 45), scale.of(1))).isTrue();
    assertThat(near(rgb(image, 0, 45), scale.of(2))).isTrue();
    assertThat(near(rgb(image, 359, 135), scale.of(6))).isTrue();
    assertThat(rgb(image, 90, 135)).isEqualTo(0xcfd4d9);
  }

  private static boolean near(int a, int b) {
    return Math.abs((a >> 16) - (b >> 16)) < 6
        && Math.abs((a >> 8 & 255) - (b >> 8 & 255)) < 6
        && Math.abs((a & 255) - (b & 255)) < 6;
  }

  @Test
  void rowsThatAreUnevenLieAtTheirLatitudes() throws Exception {
    Grid uneven = Grid.ofRows(new double[] {60, 0, -10}, 2, 0, 10);
    float[] values = {0, 0, 5, 5, 10, 10};
    ColourScale scale = ColourScale.over(Kind.VALUE, List.of(values));
    Frame frame = new Frame(60, -10, 0, 10);
    BufferedImage image = image(new Raster(uneven, values, scale).png(frame, 10, 700));
    assertThat(near(rgb(image, 5, 300), scale.of(2.5))).isTrue();
    assertThat(near(rgb(image, 5, 600), scale.of(5))).isTrue();
    assertThat(near(rgb(image, 5, 650), scale.of(7.5))).isTrue();
  }

  @Test
  void thePictureIsXmlWithItsWordsAndTheField() throws Exception {
    ColourScale scale = ColourScale.over(Kind.VALUE, List.of(VALUES));
    Words words = new Words("A <b> & \"c\"", "when", "who");
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    FieldPicture.of(WORLD, VALUES, scale, "°C", words).toString().getBytes(UTF_8)));
    List<String> texts =
        IntStream.range(0, svg.getElementsByTagName("text").getLength())
            .mapToObj(i -> svg.getElementsByTagName("text").item(i).getTextContent())
            .toList();
    assertThat(texts)
        .contains("A <b> & \"c\"", "when", "who", "6 °C", "180°", "60°W", "0°", "30°S");
    Element raster = (Element) svg.getElementsByTagName("image").item(0);
    String href = raster.getAttribute("href");
    assertThat(image(href.substring(href.indexOf(',') + 1)).getWidth()).isGreaterThan(900);
  }

  @Test
  void aRegionIsShownInItsOwnShape() {
    Frame far = Frame.of(new Grid(10, 10, 65, 0, 1, 1));
    assertThat(far.shape()).isBetween(1.9, 2.2);
    assertThat(Frame.of(WORLD).shape()).isEqualTo(0.5);
  }
}
