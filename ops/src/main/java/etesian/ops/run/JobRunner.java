package etesian.ops.run;

import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import etesian.operators.Devices;
import etesian.ops.embedded.StartFailed;
import etesian.pipeline.ForecastJob;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.VerificationState;
import etesian.pipeline.settings.WindowState;
import etesian.pipeline.sink.ChampionTopic;
import etesian.pipeline.sink.KafkaEnds;
import etesian.pipeline.storage.Folder;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From settings to a job: checks the brokers, makes the topics, reads the champions, defines. */
public final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private JobRunner() {}

  /**
   * Defines the job and starts it on the embedded Flink.
   *
   * @param settings with brokers as clients reach them
   * @param restarts how often the job may fail before it stays so
   * @param state folder of checkpoints that outlive this process, where each job has a folder of
   *     its name; empty when nothing is to resume
   * @throws StartFailed when something outside is not as the job needs it; says what to do
   */
  public static JobID submit(
      PipelineSettings settings, Stack stack, int restarts, Optional<Folder> state) {
    Devices.setThreads(settings.device().threads());
    StreamExecutionEnvironment env = stack.flink().environment();
    define(env, settings, 1, restarts, state);
    return stack.flink().submit(env, settings.job());
  }

  /**
   * Checks the brokers, makes the topics, reads the champions and defines the job, for whatever
   * cluster the environment stands for.
   *
   * @param parallelism of the stations that have none of their own
   * @throws StartFailed when something outside is not as the job needs it; says what to do
   */
  public static void define(
      StreamExecutionEnvironment env,
      PipelineSettings settings,
      int parallelism,
      int restarts,
      Optional<Folder> state) {
    prepareBrokers(settings);
    Map<String, Champion> newest = FirstChampions.ensure(settings);
    ChampionTopic.Snapshot champions = ChampionTopic.readToEnd(settings.kafka());
    PipelineSettings complete = withGrids(settings, newest);
    VerificationState.problem(complete.streams(), complete.verifyStateMebibytes())
        .ifPresent(
            problem -> {
              throw new StartFailed("verify_state_mebibytes: " + problem);
            });
    WindowState.problem(complete.streams(), complete.windowStateMebibytes())
        .ifPresent(
            problem -> {
              throw new StartFailed("window_state_mebibytes: " + problem);
            });
    env.setParallelism(parallelism);
    env.configure(
        new Configuration()
            .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, restarts)
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(2)));
    state.map(folder -> RetainedState.in(folder.resolve(settings.job()))).ifPresent(env::configure);
    ForecastJob.define(
        env,
        complete,
        new KafkaEnds(settings.kafka(), settings.job(), champions.next()),
        champions.champions());
  }

  /** Makes the topics that are missing; refuses a transaction timeout that the brokers would. */
  private static void prepareBrokers(PipelineSettings settings) {
    List<String> datasets =
        settings.streams().stream().map(StreamSettings::dataset).distinct().toList();
    BrokerContact.demand(settings.kafka().client());
    try (Admin admin = Admin.create(settings.kafka().client())) {
      checkTransactionTimeout(admin, settings.kafka());
      Topics.create(admin, datasets);
      tellProblems(admin, datasets);
    } catch (ExecutionException e) {
      throw new StartFailed(
          "the brokers at "
              + settings.kafka().brokers()
              + " do not answer as they should: "
              + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed("interrupted", e);
    }
  }

  /** Topics that somebody else made, perhaps with what loses or refuses records later on. */
  private static void tellProblems(Admin admin, List<String> datasets) throws InterruptedException {
    try {
      Topics.problems(admin, datasets).forEach(LOG::warn);
    } catch (ExecutionException e) {
      LOG.info("the settings of the topics are not to be seen: {}", e.getCause().getMessage());
    }
  }

  private static void checkTransactionTimeout(Admin admin, KafkaSettings kafka)
      throws ExecutionException, InterruptedException {
    String node = Integer.toString(admin.describeCluster().nodes().get().iterator().next().id());
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node);
    long most =
        Long.parseLong(
            admin
                .describeConfigs(List.of(broker))
                .all()
                .get()
                .get(broker)
                .get("transaction.max.timeout.ms")
                .value());
    if (kafka.transactionTimeout().toMillis() > most) {
      throw new StartFailed(
          ("kafka.transaction_timeout is %s, the brokers allow %d ms (transaction.max.timeout.ms);"
                  + " lower ours or raise theirs")
              .formatted(kafka.transactionTimeout(), most));
    }
  }

  /** A stream that leaves its grid to the weights gets that of its champion. */
  private static PipelineSettings withGrids(
      PipelineSettings settings, Map<String, Champion> champions) {
    WeightsStore store = new WeightsStore(settings.weights());
    return settings.withStreams(
        settings.streams().stream()
            .map(
                stream ->
                    stream.grid() != null
                        ? stream
                        : stream.withGrid(grid(store, champions.get(stream.name()))))
            .toList());
  }

  /** Of the newest champion whose weights can be read: the job refuses the others. */
  private static Grid grid(WeightsStore store, Champion newest) {
    List<Champion> reigns = new ArrayList<>(newest.before());
    reigns.add(newest);
    String problem = "";
    for (int i = reigns.size() - 1; i >= 0; i--) {
      try {
        return StreamCard.of(store.get(reigns.get(i).weightsSha256())).grid();
      } catch (IllegalArgumentException | UncheckedIOException e) {
        problem = e.getMessage();
      }
    }
    throw new StartFailed(
        ("stream %s has no 'grid' of its own, and none of its champions' weights can be read: %s;"
                + " mend the file or name the grid")
            .formatted(newest.stream(), problem));
  }
}
