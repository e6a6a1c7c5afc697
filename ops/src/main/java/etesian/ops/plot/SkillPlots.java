package etesian.ops.plot;

import etesian.ops.evaluate.ErrorMap;
import etesian.ops.evaluate.Evaluation;
import etesian.ops.plot.ColourScale.Kind;
import etesian.ops.plot.CurvePicture.Curve;
import etesian.ops.plot.CurvePicture.Range;
import etesian.ops.plot.FieldPicture.Words;
import etesian.pipeline.verify.Score;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** An evaluation in pictures: errors and skill by lead, and where on the map the errors are. */
public final class SkillPlots {
  private static final String MODEL = "#0072b2";
  private static final String PERSISTENCE = "#6b7680";
  private static final String CLIMATOLOGY = "#00795a";
  private static final String DAMPED = "#b84a00";
  private static final String DASH = "6 4";

  private final PictureFile files;

  /**
   * @param say gets the name of each file that is written
   */
  public SkillPlots(Path folder, Consumer<String> say) {
    files = new PictureFile(folder, say);
  }

  public void draw(Evaluation.Result result) {
    for (Evaluation.Skill skill : result.skill()) {
      drawOne(result, skill);
    }
  }

  private void drawOne(Evaluation.Result result, Evaluation.Skill skill) {
    String name = skill.variable().name();
    String title = Phrases.name(skill.variable());
    String units = Phrases.units(skill.variable().units());
    String below = "steps of " + Phrases.step(result.stream().step());
    String foot =
        "%s, weights %s; %d issue times, %s to %s%s"
            .formatted(
                result.stream().model(),
                Phrases.brief(result.weightsSha256()),
                result.issueTimes(),
                day(result.from().toString()),
                day(result.to().toString()),
                result.trainedOn() ? ", which the weights have learned from" : "");
    List<Score> scores = skill.scores();
    files.write(
        name + "_rmse",
        CurvePicture.of(
            List.of(
                curve(result.stream().model(), MODEL, "", scores, Score::rmse),
                curve("persistence", PERSISTENCE, DASH, scores, Score::rmsePersistence),
                curve("climatology", CLIMATOLOGY, DASH, scores, Score::rmseClimatology),
                curve("damped anomaly", DAMPED, DASH, scores, Score::rmseDamped)),
            new Range(0, ceiling(scores)),
            below,
            new Words(title, "Root-mean-square error by lead, " + units, foot)));
    files.write(
        name + "_skill",
        CurvePicture.of(
            List.of(
                curve("persistence", PERSISTENCE, "", scores, Score::skillPersistence),
                curve("climatology", CLIMATOLOGY, "", scores, Score::skillClimatology),
                curve("damped anomaly", DAMPED, "", scores, Score::skillDamped)),
            new Range(-1, 1),
            below,
            new Words(title, "Skill of the model against each reference; 1 is perfect", foot)));
    maps(result, skill, title, units, foot);
  }

  private void maps(
      Evaluation.Result result, Evaluation.Skill skill, String title, String units, String foot) {
    ColourScale sizes =
        ColourScale.over(Kind.SIZE, skill.errors().values().stream().map(ErrorMap::rmse).toList());
    ColourScale differences =
        ColourScale.over(
            Kind.DIFFERENCE, skill.errors().values().stream().map(ErrorMap::bias).toList());
    for (Map.Entry<Integer, ErrorMap> error : skill.errors().entrySet()) {
      String lead =
          "lead of %d steps of %s".formatted(error.getKey(), Phrases.step(result.stream().step()));
      String name = String.format(Locale.ROOT, "_lead%03d", error.getKey());
      files.write(
          skill.variable().name() + "_rmse" + name,
          FieldPicture.of(
              result.stream().grid(),
              error.getValue().rmse(),
              sizes,
              units,
              new Words(title, "Root-mean-square error, " + lead, foot)));
      files.write(
          skill.variable().name() + "_bias" + name,
          FieldPicture.of(
              result.stream().grid(),
              error.getValue().bias(),
              differences,
              units,
              new Words(title, "Mean of forecast − observation, " + lead, foot)));
    }
  }

  /** Persistence may be so wrong that the others lie flat on the axis: it may leave the picture. */
  private static double ceiling(List<Score> scores) {
    double most = 0;
    for (Score score : scores) {
      most = Math.max(most, score.rmse());
      most = Math.max(most, score.rmseClimatology() == null ? 0 : score.rmseClimatology());
      most = Math.max(most, score.rmseDamped() == null ? 0 : score.rmseDamped());
    }
    return 1.25 * most;
  }

  private static String day(String time) {
    return time.substring(0, time.indexOf('T'));
  }

  private static Curve curve(
      String name, String colour, String dash, List<Score> scores, Function<Score, Double> value) {
    return new Curve(
        name,
        colour,
        dash,
        scores.stream()
            .map(
                score -> {
                  Double found = value.apply(score);
                  return new double[] {score.lead(), found == null ? Double.NaN : found};
                })
            .toList());
  }
}
