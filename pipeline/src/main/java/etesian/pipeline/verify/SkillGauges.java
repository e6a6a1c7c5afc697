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
    Newest all = gauges(score, ALL);
    all.errors(score.rmse(), score.mae(), score.acc(), score.ensemble());
    all.skill = skills(score);
    score
        .regions()
        .forEach(
            (name, region) -> {
              Newest there = gauges(score, name);
              there.errors(region.rmse(), region.mae(), region.acc(), region.ensemble());
              there.skill = skills(region);
            });
  }

  private Newest gauges(Score score, String region) {
    return newest.computeIfAbsent(
        score.variable() + "/" + score.lead() + "/" + region,
        key ->
            new Newest(
                meters
                    .with("variable", score.variable())
                    .with("region", region)
                    .with("lead", Integer.toString(score.lead()))));
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
    private final Meters meters;
    private volatile double rmse;
    private volatile double crps;
    private volatile Double acc;
    private volatile Double spread;
    private boolean ensemble; // whether there is a gauge of the spread
    private volatile Map<String, Double> skill = skills(null, null, null);

    private Newest(Meters meters) {
      this.meters = meters;
      meters.gauge(Metric.RMSE, () -> rmse);
      meters.gauge(Metric.CRPS, () -> crps);
      meters.gauge(Metric.ACC_RATIO, () -> orNaN(acc));
      for (String reference : skill.keySet()) {
        meters
            .with("reference", reference)
            .gauge(Metric.SKILL_RATIO, () -> orNaN(skill.get(reference)));
      }
    }

    /**
     * @param ofEnsemble null for a single run, whose CRPS is its mean absolute error
     */
    private void errors(double newRmse, double mae, Double newAcc, EnsembleScore ofEnsemble) {
      rmse = newRmse;
      acc = newAcc;
      crps = ofEnsemble == null ? mae : ofEnsemble.crps();
      spread = ofEnsemble == null ? null : ofEnsemble.spreadSkillRatio();
      if (ofEnsemble != null && !ensemble) {
        ensemble = true;
        meters.gauge(Metric.SPREAD_RATIO, () -> orNaN(spread));
      }
    }

    private static double orNaN(Double value) {
      return value == null ? Double.NaN : value;
    }
  }
}
