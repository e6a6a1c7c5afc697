package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.ensemble.Beginnings;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.ensemble.Products;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvancerTest {
  private static final int CELLS = Samples.GRID.cells();
  private static final int HORIZON = 3;
  private static final Champion CHAMPION =
      new Champion("t2m", "m2no", "a".repeat(64), Champion.ALWAYS, null);

  private final Growth model = new Growth(1);

  @Test
  void oneRunGoesOnFromItsOwnFrames() {
    StreamSettings stream = Samples.stream(2, HORIZON);
    Rollout rollout = begin(stream, t2m(hour(0), 1), t2m(hour(6), 2));
    Advancer.Advance first = new Advancer(stream, 4).advance(List.of(rollout), model).get(0);
    Forecast.Step step = first.leads().get(0).get(0);
    assertThat(step.lead()).isEqualTo(1);
    assertThat(step.validAt()).isEqualTo(hour(12));
    assertThat(step.ensemble()).isNull();
    assertThat(step.values()).containsOnly(3); // 2 + (2 - 1)
    assertThat(first.after().nextLead()).isEqualTo(2);
    assertThat(first.after().frames()).extracting(frame -> frame[0]).containsExactly(2f, 3f);
  }

  @Test
  void theMembersOfAnEnsembleRunOnTheirOwnAndAreSummedUpInEachStep() {
    StreamSettings stream = Samples.stream(2, HORIZON).withEnsemble(settings(5, 0, true));
    List<Member> members =
        new Beginnings(stream.ensemble(), "t2m", Samples.GRID)
            .of(List.of(full(1), full(2)), 2, 5, List.of("t2m"), model.deviations(), hour(6));
    Advancer advancer = new Advancer(stream, 8);
    Rollout rollout = begin(stream, t2m(hour(0), 1), t2m(hour(6), 2));
    for (int lead = 1; lead <= HORIZON; lead++) {
      Advancer.Advance advance = advancer.advance(List.of(rollout), model).get(0);
      List<float[]> next = new ArrayList<>();
      for (Member member : members) {
        next.add(Growth.next(member.frames()));
      }
      members = afterwards(members, next);
      Products expected = Products.of(next, List.of(0.1, 0.9));
      assertThat(advance.leads())
          .containsExactly(
              List.of(
                  new Forecast.Step(
                      lead, hour(6 + 6 * lead), expected.mean(), expected.ensemble())));
      assertThat(expected.ensemble().spread()[0]).isPositive();
      rollout = advance.after();
      List<float[]> newest = rollout.members().stream().map(m -> m.frames().get(1)).toList();
      assertThat(newest.toArray(float[][]::new)).isDeepEqualTo(next.toArray(float[][]::new));
      assertThat(rollout.frames()).isEmpty();
    }
    assertThat(rollout.nextLead()).isEqualTo(HORIZON + 1);
  }

  private static List<Member> afterwards(List<Member> members, List<float[]> next) {
    List<Member> after = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      after.add(members.get(i).after(List.of(next.get(i))));
    }
    return after;
  }

  @Test
  void howMembersAreBatchedDoesNotMatterAndNoBatchIsTooLarge() {
    StreamSettings stream = Samples.stream(2, HORIZON).withEnsemble(settings(5, 0, true));
    Rollout one = begin(stream, t2m(hour(0), 1), t2m(hour(6), 2));
    Rollout other = begin(stream, t2m(hour(6), 2), t2m(hour(12), 5));
    List<Advancer.Advance> together = new Advancer(stream, 100).advance(List.of(one, other), model);
    assertThat(model.batches).containsExactly(10);
    model.batches.clear();
    List<Advancer.Advance> apart = new ArrayList<>();
    Advancer small = new Advancer(stream, 2);
    apart.addAll(small.advance(List.of(one), model));
    apart.addAll(small.advance(List.of(other), model));
    assertThat(model.batches).containsExactly(2, 2, 1, 2, 2, 1);
    for (int i = 0; i < 2; i++) {
      assertThat(apart.get(i).leads()).isEqualTo(together.get(i).leads());
    }
  }

  @Test
  void laggedMembersCatchUpUnseenAndThenRunWithTheOthers() {
    EnsembleSettings lagged =
        new EnsembleSettings(3, 0, 3, 500, true, 2, List.of(), true, 0); // no noise
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(lagged);
    assertThat(stream.windowLength()).isEqualTo(3);
    Rollout rollout =
        begin(stream, t2m(hour(0), 10), t2m(hour(6), 20), t2m(hour(12), 40)); // issued at 12
    Advancer advancer = new Advancer(stream, 8);
    Forecaster increment = new Increment();
    Rollout caughtUp = rollout;
    for (int i = 0; i < 2; i++) {
      Advancer.Advance silent = advancer.advance(List.of(caughtUp), increment).get(0);
      assertThat(silent.leads()).isEmpty();
      caughtUp = silent.after();
      assertThat(caughtUp.nextLead()).isEqualTo(1);
      assertThat(caughtUp.behind()).isEqualTo(1 - i);
    }
    Advancer.Advance first = advancer.advance(List.of(caughtUp), increment).get(0);
    Forecast.Step step = first.leads().get(0).get(0);
    assertThat(step.validAt()).isEqualTo(hour(18));
    // The model adds 6, the hours of its step: from 40, from 20 over 26, from 10 over 16 and 22.
    assertThat(step.ensemble().members()).extracting(m -> m[0]).containsExactly(46f, 32f, 28f);
    assertThat(Increment.newest)
        .containsExactly(hour(0), hour(6), hour(6), hour(12), hour(12), hour(12));
  }

  @Test
  void aModelThatGivesAllLeadsAtOnceCannotBringMembersUp() {
    EnsembleSettings lagged = new EnsembleSettings(2, 0, 3, 500, true, 1, List.of(), true, 0);
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(lagged);
    Advancer advancer = new Advancer(stream, 8);
    assertThatThrownBy(() -> advancer.check(new Growth(HORIZON)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave 'lagged' out");
  }

  @Test
  void allLeadsMayComeAtOnceAndNoneBeyondTheHorizon() {
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(settings(4, 0, false));
    Rollout rollout = begin(stream, t2m(hour(0), 1));
    Advancer.Advance all =
        new Advancer(stream, 8).advance(List.of(rollout), new Growth(HORIZON + 2)).get(0);
    assertThat(all.leads()).hasSize(HORIZON);
    assertThat(all.after().nextLead()).isEqualTo(HORIZON + 1);
  }

  /** Scores need them; only lead 1 is verified. */
  @Test
  void membersGoWithTheLeadsThatAreVerifiedOrWithAllWhereTheyAreAskedFor() {
    assertThat(leadsWithMembers(settings(3, 0, false))).containsExactly(1);
    assertThat(leadsWithMembers(settings(3, 0, true))).containsExactly(1, 2, 3);
  }

  private List<Integer> leadsWithMembers(EnsembleSettings settings) {
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(settings);
    return new Advancer(stream, 8)
            .advance(List.of(begin(stream, t2m(hour(0), 1))), new Growth(HORIZON))
            .get(0)
            .leads()
            .stream()
            .map(lead -> lead.get(0))
            .filter(step -> step.ensemble().hasMembers())
            .map(Forecast.Step::lead)
            .toList();
  }

  @Test
  void everyVariableHasItsProducts() {
    StreamSettings stream = Samples.streamOfTwo(1, HORIZON).withEnsemble(settings(3, 0, true));
    Rollout rollout = begin(stream, t2m(hour(0), 280), u10(hour(0), 5));
    Growth two = new Growth(1, 2);
    List<Forecast.Step> steps =
        new Advancer(stream, 8).advance(List.of(rollout), two).get(0).leads().get(0);
    assertThat(steps).hasSize(2);
    List<Ensemble> products = steps.stream().map(Forecast.Step::ensemble).toList();
    assertThat(products.get(0).members().get(0)).containsOnly(560); // the control, doubled
    assertThat(products.get(1).members().get(0)).containsOnly(10);
    assertThat(products.get(0).spread()).isNotEqualTo(products.get(1).spread());
  }

  private static EnsembleSettings settings(int members, int lagged, boolean emitMembers) {
    return new EnsembleSettings(
        members, 0.5, 3, 2000, true, lagged, List.of(0.1, 0.9), emitMembers, 0);
  }

  private static Rollout begin(StreamSettings stream, Field... frames) {
    return Rollout.of(new FieldWindow("t2m", List.of(frames)), stream.runs()).begin(CHAMPION);
  }

  private static float[] full(float value) {
    float[] all = new float[CELLS];
    Arrays.fill(all, value);
    return all;
  }

  /** Doubles the newest frame and takes the one before away: what is apart grows apart. */
  private static final class Growth implements Forecaster {
    private final List<Integer> batches = new ArrayList<>();
    private final int leads;
    private final int variables;

    Growth(int leads) {
      this(leads, 1);
    }

    Growth(int leads, int variables) {
      this.leads = leads;
      this.variables = variables;
    }

    static float[] next(List<float[]> frames) {
      float[] newest = frames.get(frames.size() - 1);
      float[] next = new float[newest.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = 2 * newest[i] - (frames.size() > 1 ? frames.get(frames.size() - 2)[i] : 0);
      }
      return next;
    }

    @Override
    public int leadsPerAdvance() {
      return leads;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      batches.add(batch.size());
      List<List<float[]>> all = new ArrayList<>();
      for (Carry carry : batch) {
        List<float[]> frames = new ArrayList<>(carry.frames());
        for (int lead = 0; lead < leads; lead++) {
          frames.add(next(frames));
        }
        all.add(frames.subList(carry.frames().size(), frames.size()));
      }
      return all;
    }

    @Override
    public float[] deviations() {
      float[] deviations = new float[variables * CELLS];
      Arrays.fill(deviations, 1);
      return deviations;
    }

    @Override
    public void close() {}
  }

  /** Adds 6, and remembers from when. */
  private static final class Increment implements Forecaster {
    private static final List<Instant> newest = new ArrayList<>();

    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      List<List<float[]>> all = new ArrayList<>();
      for (Carry carry : batch) {
        newest.add(carry.newestAt());
        all.add(List.of(full(carry.frames().get(0)[0] + 6)));
      }
      return all;
    }

    @Override
    public float[] deviations() {
      return full(1);
    }

    @Override
    public void close() {}
  }
}
