package etesian.pipeline.settings;

import java.io.Serializable;
import java.util.List;

/**
 * How a stream makes ensembles; a member is a run of the model.
 *
 * @param members all of them, at least two: one from the window as it is, {@link #perturbed} ones,
 *     {@code lagged} ones
 * @param amplitude of the noise that a perturbed member begins with: its standard deviation, in
 *     standard deviations of the anomalies in the training years
 * @param exponent of the noise's spectrum: variance falls as wavenumber^(-exponent) below the
 *     length
 * @param lengthKilometres above which the noise's spectrum is flat
 * @param pairs whether every other perturbed member has the noise of the one before with the other
 *     sign, so that their mean begins where the unperturbed one does
 * @param lagged members without noise that begin 1, 2, ... steps earlier and run up to the issue
 *     time first; a window holds as many fields more
 * @param quantiles probabilities, ascending; may be none
 * @param emitMembers whether the forecasts hold every member
 * @param seed of the noise; another one gives other members
 */
public record EnsembleSettings(
    int members,
    double amplitude,
    double exponent,
    double lengthKilometres,
    boolean pairs,
    int lagged,
    List<Double> quantiles,
    boolean emitMembers,
    long seed)
    implements Serializable {

  /** As the settings have it when they name nothing but the number of members. */
  public static final EnsembleSettings DEFAULT =
      new EnsembleSettings(2, 0.1, 3, 500, true, 0, List.of(0.1, 0.5, 0.9), false, 0);

  public EnsembleSettings {
    quantiles = List.copyOf(quantiles);
  }

  /** Members that begin with noise. */
  public int perturbed() {
    return members - 1 - lagged;
  }

  /** Fields that a record of the forecasts has of each lead. */
  public int fieldsEmitted() {
    return 2 + quantiles.size() + (emitMembers ? members : 0);
  }

  static EnsembleSettings read(SettingsReader in, String model) {
    EnsembleSettings ensemble =
        new EnsembleSettings(
            in.positive("members"),
            in.value("amplitude", DEFAULT.amplitude(), text -> Parsers.between(text, 0.0, 3)),
            in.value("exponent", DEFAULT.exponent(), text -> Parsers.between(text, 1.1, 10)),
            in.value(
                "length_kilometres",
                DEFAULT.lengthKilometres(),
                text -> Parsers.between(text, 1.0, 40_000)),
            in.value("pairs", DEFAULT.pairs(), Parsers::yesOrNo),
            in.value("lagged", DEFAULT.lagged(), text -> Parsers.between(text, 0, 1000)),
            in.texts("quantiles", DEFAULT.quantiles(), Double::parseDouble),
            in.value("emit_members", DEFAULT.emitMembers(), Parsers::yesOrNo),
            in.value("seed", DEFAULT.seed(), Long::parseLong));
    in.check(
        ensemble.members() != 1,
        "members",
        "an ensemble has at least 2; leave 'ensemble' out for one run");
    in.check(
        ensemble.members() == 0 || ensemble.perturbed() >= 0, // a problem of its own
        "lagged",
        "%d of %d members cannot begin earlier: one is the unperturbed one",
        ensemble.lagged(),
        ensemble.members());
    in.check(
        ensemble.lagged() == 0 || !"smnn".equals(model),
        "lagged",
        "smnn gives all leads at once and cannot run up to the issue time first: leave 'lagged'"
            + " out");
    in.check(
        areProbabilities(ensemble.quantiles()),
        "quantiles",
        "are probabilities from 0 to 1, ascending, got %s",
        ensemble.quantiles());
    return ensemble;
  }

  private static boolean areProbabilities(List<Double> numbers) {
    double before = -1;
    for (double number : numbers) {
      if (!(number > before && number >= 0 && number <= 1)) {
        return false;
      }
      before = number;
    }
    return true;
  }
}
