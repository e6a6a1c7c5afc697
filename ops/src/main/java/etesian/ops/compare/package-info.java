/**
 * Which variant of M2NO learns some data best: {@link etesian.ops.compare.Task} is the data, cut in
 * time into what is learned from, what decides when to stop, and what is judged by; {@link
 * etesian.ops.compare.Variant} names the networks; {@link etesian.ops.compare.Contest} trains each
 * for equally many updates.
 */
package etesian.ops.compare;
