package etesian.ops.cluster;

import java.nio.file.Path;

/** Configuration of the processes of a {@link LocalCluster}. */
final class ClusterFiles {
  private ClusterFiles() {}

  /**
   * Flink's. Without its start scripts every memory key must be there, or a TaskManager does not
   * start; the flags of the JVMs, which the scripts derive from them, are set beside.
   *
   * @param folder of everything that Flink writes
   * @param slots of each TaskManager
   */
  static String flink(Path folder, int restPort, int zooKeeperPort, int slots) {
    return """
    jobmanager.rpc.address: 127.0.0.1
    jobmanager.bind-host: 127.0.0.1
    jobmanager.memory.process.size: 768m
    taskmanager.host: 127.0.0.1
    taskmanager.bind-host: 127.0.0.1
    taskmanager.numberOfTaskSlots: %1$d
    taskmanager.cpu.cores: 1.0
    taskmanager.memory.framework.heap.size: 64m
    taskmanager.memory.framework.off-heap.size: 64m
    taskmanager.memory.task.heap.size: 448m
    taskmanager.memory.task.off-heap.size: 256m
    taskmanager.memory.managed.size: 8m
    taskmanager.memory.network.min: 64m
    taskmanager.memory.network.max: 64m
    taskmanager.network.memory.buffer-debloat.enabled: true
    taskmanager.memory.jvm-metaspace.size: 256m
    taskmanager.memory.jvm-overhead.min: 128m
    taskmanager.memory.jvm-overhead.max: 128m
    rest.address: 127.0.0.1
    rest.bind-address: 127.0.0.1
    rest.port: %2$d
    rest.bind-port: %2$d
    io.tmp.dirs: %3$s/tmp
    metrics.fetcher.update-interval: 1000
    heartbeat.interval: 1000
    heartbeat.timeout: 6000
    high-availability.type: zookeeper
    high-availability.storageDir: file://%3$s/ha
    high-availability.cluster-id: /etesian
    high-availability.zookeeper.quorum: 127.0.0.1:%4$d
    high-availability.zookeeper.client.session-timeout: 6000
    high-availability.zookeeper.client.connection-timeout: 3000
    """
        .formatted(slots, restPort, folder, zooKeeperPort);
  }

  static String zooKeeper(Path folder, int clientPort, int peerPort, int electionPort) {
    return """
    server.1=127.0.0.1:%d:%d
    clientPort=%d
    clientPortAddress=127.0.0.1
    dataDir=%s
    tickTime=1000
    initLimit=10
    syncLimit=5
    admin.enableServer=false
    """
        .formatted(peerPort, electionPort, clientPort, folder);
  }
}
