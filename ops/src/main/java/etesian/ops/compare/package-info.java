/**
 * Which model learns some data best. Networks of every kind play a {@link
 * etesian.ops.compare.Match} with equal wall time on a {@link etesian.ops.compare.Challenge}, and
 * are judged by rollouts. The variants of M2NO: {@link etesian.ops.compare.Task} is the data, cut
 * in time into what is learned from, what decides when to stop, and what is judged by; {@link
 * etesian.ops.compare.Variant} names the networks; {@link etesian.ops.compare.Contest} trains each
 * for equally many updates.
 */
package etesian.ops.compare;
