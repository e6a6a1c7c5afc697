/**
 * How fast, and in how much memory. A {@link etesian.ops.bench.Suite} is a list of {@link
 * etesian.ops.bench.Case cases}; most are a {@link etesian.ops.bench.TimedCase}: a name and how to
 * set up a {@link etesian.ops.bench.Work}, a pass that is run again and again, perhaps beside a
 * peer that does the same. Every case runs in a process of its own ({@link
 * etesian.ops.bench.OwnProcess}), because an allocator reads its settings ({@link
 * etesian.ops.bench.MemoryPolicy}) only at the start of one.
 *
 * <p>Nothing here passes or fails by time: figures are reported with what they depend on ({@link
 * etesian.ops.bench.Machine}).
 */
package etesian.ops.bench;
