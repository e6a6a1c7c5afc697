/**
 * The job on other processes. {@link etesian.ops.cluster.ClusterJars} says which jar of this
 * program belongs where: Flink's own, the folder {@code lib} of a Flink installation, or the job.
 * {@link etesian.ops.cluster.RemoteFlink} submits the job to a Flink that runs somewhere, {@link
 * etesian.ops.cluster.JobPackage} makes what {@code flink run} takes. {@link
 * etesian.ops.cluster.LocalCluster} is a cluster of separate processes on this machine, with high
 * availability and a supervisor that starts again what dies: for proofs, not for production.
 */
package etesian.ops.cluster;
