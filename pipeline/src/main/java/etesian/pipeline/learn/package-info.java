/**
 * How a stream learns while it runs, without a word of Flink. {@link
 * etesian.pipeline.learn.Learning} is the whole of it on one page:
 *
 * <pre>
 *   VerifiedWindows --&gt; Workshop: shadow forecasts --&gt; Contest: bets --&gt; Succession: champion
 *        ^                          \-&gt; DriftWatch --&gt; Timetable --&gt; Workshop: lesson --&gt; Contest
 *      fields
 * </pre>
 *
 * <p>{@link etesian.pipeline.learn.ReplayBuffer} is what is remembered, {@link
 * etesian.pipeline.learn.DriftDetector} notices that the world has changed, a {@code Tutor} makes a
 * challenger from the champion, {@link etesian.pipeline.learn.PromotionTest} decides whether it has
 * earned its place, and {@link etesian.pipeline.learn.ModelEvent} says what happened and why.
 */
package etesian.pipeline.learn;
