package etesian.pipeline.forecast;

import etesian.ingest.field.Check;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Variable;
import etesian.pipeline.ensemble.Beginnings;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.ensemble.Products;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Stack;
import etesian.pipeline.settings.StreamSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * One step of a batch of rollouts, on the thread of the device. The members of an ensemble advance
 * together; before that those which began earlier catch up, one step of theirs at a time, and
 * nothing is issued.
 */
final class Advancer {
  private final StreamSettings stream;
  private final int maxBatch;
  private Beginnings beginnings; // made with the first ensemble

  /**
   * @param maxBatch runs that the model gets at a time
   */
  Advancer(StreamSettings stream, int maxBatch) {
    this.stream = stream;
    this.maxBatch = maxBatch;
  }

  /**
   * What a step gave.
   *
   * @param leads the next ones, up to the horizon, of each the step of each variable; none while
   *     members catch up
   * @param after the rollout from here on
   * @param doubted of its first step, what of the window it took for missing
   */
  record Advance(List<List<Forecast.Step>> leads, Rollout after, List<DoubtedField> doubted) {
    private Advance(List<List<Forecast.Step>> leads, Rollout after) {
      this(leads, after, List.of());
    }

    private Advance doubting(List<DoubtedField> fields) {
      return new Advance(leads, after, fields);
    }
  }

  /**
   * Looks at a model before its first step.
   *
   * @throws RuntimeException when the stream asks for an ensemble that it cannot make; says why
   */
  void check(Forecaster model) {
    if (stream.ensemble() != null) {
      Objects.requireNonNull(model.deviations(), "deviations");
      Check.that(
          stream.ensemble().lagged() == 0 || model.leadsPerAdvance() == 1,
          "stream %s: a model that gives %d leads at once cannot bring lagged members to the issue"
              + " time; leave 'lagged' out",
          stream.name(),
          model.leadsPerAdvance());
    }
  }

  /** The step of each rollout; all of them have begun with the same weights. */
  List<Advance> advance(List<Rollout> batch, Forecaster model) {
    List<Rollout> seen = batch.stream().map(rollout -> seen(rollout, model)).toList();
    List<Rollout> rollouts = seen.stream().map(rollout -> begun(rollout, model)).toList();
    List<Carry> carries = new ArrayList<>();
    rollouts.forEach(rollout -> carries.addAll(rollout.carries(stream)));
    List<List<float[]>> frames = new ArrayList<>(carries.size());
    for (int first = 0; first < carries.size(); first += maxBatch) {
      int end = Math.min(carries.size(), first + maxBatch);
      frames.addAll(model.advance(carries.subList(first, end)));
    }
    List<Advance> advances = new ArrayList<>();
    Iterator<List<float[]>> next = frames.iterator();
    for (int i = 0; i < rollouts.size(); i++) {
      Rollout rollout = rollouts.get(i);
      Advance advance = rollout.isEnsemble() ? ensemble(rollout, next) : one(rollout, next.next());
      advances.add(advance.doubting(DoubtedField.in(batch.get(i), seen.get(i), stream)));
    }
    return advances;
  }

  /** Later frames are the model's own, whatever they hold. */
  private static Rollout seen(Rollout rollout, Forecaster model) {
    return rollout.hasMoved() ? rollout : rollout.observedBy(model);
  }

  /** With its members, if it is an ensemble. */
  private Rollout begun(Rollout rollout, Forecaster model) {
    if (!rollout.isEnsemble() || !rollout.members().isEmpty()) {
      return rollout;
    }
    if (beginnings == null) {
      beginnings = new Beginnings(stream.ensemble(), stream.name(), rollout.grid());
    }
    List<Member> members =
        beginnings.of(
            rollout.frames(),
            stream.history(),
            rollout.runs(),
            rollout.variables().stream().map(Variable::name).toList(),
            model.deviations(),
            rollout.issueTime());
    return rollout.with(members, rollout.nextLead());
  }

  private Advance one(Rollout rollout, List<float[]> frames) {
    List<float[]> wanted = frames.subList(0, Math.min(left(rollout), frames.size()));
    return new Advance(rollout.steps(stream, wanted), rollout.after(wanted));
  }

  private Advance ensemble(Rollout rollout, Iterator<List<float[]>> frames) {
    int behind = rollout.behind();
    List<List<float[]>> moved = new ArrayList<>();
    rollout.moving().forEach(member -> moved.add(frames.next()));
    int given = moved.get(0).size();
    int wanted = behind > 0 ? 1 : Math.min(left(rollout), given);
    Iterator<List<float[]>> of = moved.iterator();
    List<Member> members =
        rollout.members().stream()
            .map(
                member ->
                    member.behind() == behind ? member.after(of.next().subList(0, wanted)) : member)
            .toList();
    if (behind > 0) {
      return new Advance(List.of(), rollout.with(members, rollout.nextLead()));
    }
    List<List<Forecast.Step>> leads = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      leads.add(products(rollout, moved, i));
    }
    return new Advance(leads, rollout.with(members, rollout.nextLead() + wanted));
  }

  private List<Forecast.Step> products(Rollout rollout, List<List<float[]>> moved, int i) {
    int cells = rollout.grid().cells();
    List<Forecast.Step> steps = new ArrayList<>();
    for (int v = 0; v < rollout.variables().size(); v++) {
      int variable = v;
      List<float[]> values =
          moved.stream().map(frames -> Stack.layer(frames.get(i), variable, cells)).toList();
      steps.add(step(rollout, i, Products.of(values, stream.ensemble().quantiles())));
    }
    return steps;
  }

  /** Members go with a step that is verified, as its scores need them, or that is to show them. */
  private Forecast.Step step(Rollout rollout, int i, Products products) {
    int lead = rollout.nextLead() + i;
    boolean keep = stream.ensemble().emitMembers() || stream.verifyLeads().contains(lead);
    return new Forecast.Step(
        lead,
        stream.timeAfter(rollout.issueTime(), lead),
        products.mean(),
        keep ? products.ensemble() : products.ensemble().withoutMembers());
  }

  private int left(Rollout rollout) {
    return stream.horizon() - rollout.nextLead() + 1;
  }
}
