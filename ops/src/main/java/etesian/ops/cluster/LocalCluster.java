package etesian.ops.cluster;

import etesian.ops.embedded.AtExit;
import etesian.ops.embedded.Ports;
import etesian.ops.embedded.StartFailed;
import etesian.ops.run.BrokerContact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A cluster of separate processes on this machine: a broker, ZooKeeper, a JobManager, TaskManagers,
 * from the jars of this program; each is started again when it dies, and finds its data. Flink's
 * processes have on their class path what a Flink installation with our jars in its {@code lib}
 * has, and nothing of the job.
 */
public final class LocalCluster implements AutoCloseable {
  /** Who can be killed. */
  public enum Role {
    BROKER,
    JOB_MANAGER,
    TASK_MANAGER
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private final Path folder;
  private final Path logs;
  private final int restPort;
  private final int brokerPort;
  private final List<JvmProcess> all = new ArrayList<>();
  private final Map<Role, List<JvmProcess>> byRole = new EnumMap<>(Role.class);
  private final Supervisor supervisor;

  /**
   * @param folder of data and logs, kept afterwards
   */
  private LocalCluster(Path folder, int taskManagers, int slots) throws IOException {
    this.folder = folder.toAbsolutePath();
    logs = Files.createDirectories(this.folder.resolve("logs"));
    List<Integer> ports = ports(6);
    restPort = ports.get(0);
    brokerPort = ports.get(1);
    describe(taskManagers, slots, ports);
    supervisor = new Supervisor(all);
  }

  /**
   * Starts everything and waits until brokers and TaskManagers answer.
   *
   * @param folder of data and logs, kept afterwards
   * @param slots of each TaskManager
   * @throws StartFailed when it does not come up; says where the logs are
   */
  public static LocalCluster start(Path folder, int taskManagers, int slots)
      throws InterruptedException {
    try {
      LocalCluster cluster = new LocalCluster(folder, taskManagers, slots);
      AtExit.register(cluster); // before there is a process that could be left behind
      try {
        cluster.supervisor.start();
        cluster.awaitReady(taskManagers);
      } catch (RuntimeException | InterruptedException e) {
        cluster.close();
        throw e;
      }
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + folder, e);
    }
  }

  /**
   * Ports that clients of a dead server cannot take meanwhile: below those that the system gives
   * out for connections, where a client that tries again and again may even meet itself.
   */
  private static List<Integer> ports(int count) {
    Set<Integer> found = new TreeSet<>();
    while (found.size() < count) {
      int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      if (Ports.isFree(port)) {
        found.add(port);
      }
    }
    return List.copyOf(found);
  }

  private void describe(int taskManagers, int slots, List<Integer> ports) throws IOException {
    ClusterJars jars = ClusterJars.here();
    List<Path> flink = new ArrayList<>(jars.distribution());
    flink.addAll(jars.device());
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"), ClusterFiles.flink(folder, restPort, ports.get(2), slots));
    Path zoo = conf.resolve("zoo.cfg");
    Path zooData = Files.createDirectories(folder.resolve("zookeeper"));
    Files.writeString(
        zoo, ClusterFiles.zooKeeper(zooData, ports.get(2), ports.get(3), ports.get(4)));
    Path logging = conf.resolve("log4j2.xml");
    try (InputStream ours = LocalCluster.class.getResourceAsStream("/log4j2.xml")) {
      Files.write(logging, ours.readAllBytes());
    }
    Files.createDirectories(folder.resolve("tmp"));

    String log = "-Dlog4j2.configurationFile=" + logging.toUri();
    String temporary = "-Djava.io.tmpdir=" + folder.resolve("tmp");
    List<String> small = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", log, temporary);
    add(
        null,
        "zookeeper",
        flink,
        with(small, "-Xmx64m"),
        List.of(
            "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
            "--zkConfigFile",
            zoo.toString(),
            "--peerId",
            "1"));
    add(
        Role.BROKER,
        "broker",
        ClusterJars.here().all(),
        with(small, "-Xmx512m"),
        List.of(
            BrokerProcess.class.getName(),
            folder.resolve("kafka").toString(),
            Integer.toString(brokerPort),
            Integer.toString(ports.get(5))));
    add(
        Role.JOB_MANAGER,
        "jobmanager",
        flink,
        with(small, "-Xmx384m"),
        List.of(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "--configDir",
            conf.toString()));
    for (int i = 1; i <= taskManagers; i++) {
      add(
          Role.TASK_MANAGER,
          "taskmanager-" + i,
          flink,
          List.of("-XX:+UseSerialGC", log, temporary, "-Xmx512m", "-XX:MaxDirectMemorySize=384m"),
          List.of(
              "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
              "--configDir",
              conf.toString(),
              "-D",
              "taskmanager.resource-id=taskmanager-" + i));
    }
  }

  private static List<String> with(List<String> options, String one) {
    List<String> more = new ArrayList<>(options);
    more.add(one);
    return more;
  }

  private void add(
      Role role, String name, List<Path> classPath, List<String> options, List<String> command) {
    JvmProcess process =
        new JvmProcess(name, classPath, options, command, Map.of("DJL_OFFLINE", "true"), logs);
    all.add(process);
    if (role != null) {
      byRole.computeIfAbsent(role, r -> new ArrayList<>()).add(process);
    }
  }

  private void awaitReady(int taskManagers) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    FlinkRest rest = new FlinkRest(page());
    String problem = "";
    while (Instant.now().isBefore(end)) {
      try {
        if (rest.overview().taskManagers() == taskManagers) {
          Properties client = new Properties();
          client.put("bootstrap.servers", brokers());
          BrokerContact.demand(client);
          return;
        }
      } catch (IOException | StartFailed e) {
        problem = e.toString();
      }
      Thread.sleep(200);
    }
    throw new StartFailed(
        "the cluster does not come up (%s); logs are in %s".formatted(problem, logs));
  }

  /** Flink's page and REST interface. */
  public URI page() {
    return URI.create("http://" + address());
  }

  /** {@code host:port} of Flink's REST interface. */
  public String address() {
    return "127.0.0.1:" + restPort;
  }

  /** {@code host:port} of the broker. */
  public String brokers() {
    return "127.0.0.1:" + brokerPort;
  }

  /** How many processes there are of a role. */
  public int count(Role role) {
    return byRole.get(role).size();
  }

  /** Ids of the processes of a role that live. */
  public List<Long> processes(Role role) {
    return byRole.get(role).stream().flatMap(process -> process.id().stream()).toList();
  }

  /**
   * {@code kill -9}; the supervisor starts it again.
   *
   * @param index of the process among those of its role
   * @return its name
   */
  public String kill(Role role, int index) {
    JvmProcess victim = byRole.get(role).get(index);
    victim.kill();
    return victim.name();
  }

  @Override
  public void close() {
    AtExit.forget(this);
    supervisor.close();
    all.stream().filter(JvmProcess::isAlive).forEach(JvmProcess::kill);
  }

  @Override
  public String toString() {
    return "cluster in " + folder;
  }
}
