package etesian.pipeline.verify;

import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest score of each variable, lead and region as gauges. There are as many as the settings
 * verify: leads times regions times variables.
 */
final class SkillGauges {
  /** The region that is the whole grid. */
  static final String ALL = "all";

  private final Meters meters;
  private final Map<String, Newest> newest = new HashMap<>();

  /**
   * @param meters with the label of the stream
   */
  SkillGauges(Meters meters) {
    this.meters = meters;
  }

  void show(Score score) {
    show(score, ALL, score.rmse(), score.acc(), skills(score));
    score
        .regions()
        .forEach((name, region) -> show(score, name, region.rmse(), region.acc(), skills(region)));
  }

  private void show(
      Score score, String region, double rmse, Double acc, Map<String, Double> skill) {
    Newest gauges =
        newest.computeIfAbsent(
            score.variable() + "/" + score.lead() + "/" + region,
            key ->
                new Newest(
                    meters
                        .with("variable", score.variable())
                        .with("region", region)
                        .with("lead", Integer.toString(score.lead()))));
    gauges.rmse = rmse;
    gauges.acc = acc;
    gauges.skill = skill;
  }

  private static Map<String, Double> skills(Score score) {
    return skills(score.skillPersistence(), score.skillClimatology(), score.skillDamped());
  }

  private static Map<String, Double> skills(RegionScore score) {
    return skills(score.skillPersistence(), score.skillClimatology(), score.skillDamped());
  }

  private static Map<String, Double> skills(Double persistence, Double climatology, Double damped) {
    Map<String, Double> skills = new LinkedHashMap<>();
    skills.put("persistence", persistence);
    skills.put("climatology", climatology);
    skills.put("damped", damped);
    return skills;
  }

  /** Written by the task, read by the reporter. */
  private static final class Newest {
    private volatile double rmse;
    private volatile Double acc;
    private volatile Map<String, Double> skill = skills(null, null, null);

    private Newest(Meters meters) {
      meters.gauge(Metric.RMSE, () -> rmse);
      meters.gauge(Metric.ACC_RATIO, () -> orNaN(acc));
      for (String reference : skill.keySet()) {
        meters
            .with("reference", reference)
            .gauge(Metric.SKILL_RATIO, () -> orNaN(skill.get(reference)));
      }
    }

    private static double orNaN(Double value) {
      return value == null ? Double.NaN : value;
    }
  }
}
