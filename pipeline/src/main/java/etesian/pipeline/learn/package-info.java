/**
 * How a stream learns while it runs, without a word of Flink: {@link
 * etesian.pipeline.learn.ReplayBuffer} is what it remembers, {@link
 * etesian.pipeline.learn.DriftDetector} notices that the world has changed, a {@code Tutor} makes a
 * challenger from the champion, {@link etesian.pipeline.learn.PromotionTest} decides whether it has
 * earned its place, and {@link etesian.pipeline.learn.ModelEvent} says what happened and why.
 */
package etesian.pipeline.learn;
