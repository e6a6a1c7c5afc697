package etesian.ops.plot;

import etesian.ingest.field.Forecast;
import etesian.ops.plot.ColourScale.Kind;
import etesian.ops.plot.FieldPicture.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Forecasts as maps: one for each lead, and of ensembles one more of the spread. All maps of a
 * variable share their colours, so that they can be laid side by side.
 */
public final class ForecastMaps {
  private final PictureFile files;

  /**
   * @param say gets the name of each file that is written
   */
  public ForecastMaps(Path folder, Consumer<String> say) {
    files = new PictureFile(folder, say);
  }

  public void draw(List<Forecast> forecasts) {
    Map<String, List<Forecast>> byVariable =
        forecasts.stream().collect(Collectors.groupingBy(forecast -> forecast.variable().name()));
    byVariable.values().forEach(this::drawSome);
  }

  private void drawSome(List<Forecast> forecasts) {
    List<Forecast.Step> steps = forecasts.stream().flatMap(f -> f.steps().stream()).toList();
    ColourScale values =
        ColourScale.over(Kind.VALUE, steps.stream().map(Forecast.Step::values).toList());
    ColourScale spreads =
        ColourScale.over(
            Kind.SIZE,
            steps.stream()
                .filter(step -> step.ensemble() != null)
                .map(step -> step.ensemble().spread())
                .toList());
    for (Forecast forecast : forecasts) {
      for (Forecast.Step step : forecast.steps()) {
        String name =
            "%s_%s_%s%s_lead%03d"
                .formatted(
                    forecast.stream(),
                    forecast.variable().name(),
                    Phrases.stamp(forecast.issueTime()),
                    forecast.revision() == 0 ? "" : "_r" + forecast.revision(),
                    step.lead());
        draw(name, forecast, step, step.values(), values, "");
        if (step.ensemble() != null) {
          draw(name + "_spread", forecast, step, step.ensemble().spread(), spreads, ", spread");
        }
      }
    }
  }

  private void draw(
      String name,
      Forecast forecast,
      Forecast.Step step,
      float[] field,
      ColourScale colours,
      String of) {
    Words words =
        new Words(
            Phrases.name(forecast.variable()) + of,
            "%s (%s), issued %s"
                .formatted(
                    Phrases.time(step.validAt()),
                    Phrases.lead(forecast.issueTime(), step.validAt()),
                    Phrases.time(forecast.issueTime())),
            "lead %d of the stream %s; %s, weights %s%s"
                .formatted(
                    step.lead(),
                    forecast.stream(),
                    forecast.model(),
                    Phrases.brief(forecast.weightsSha256()),
                    forecast.revision() == 0 ? "" : ", revision " + forecast.revision()));
    String units = Phrases.units(forecast.variable().units());
    files.write(name, FieldPicture.of(forecast.grid(), field, colours, units, words));
  }
}
