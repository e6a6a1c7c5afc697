/**
 * Training on the stream's own data. {@link etesian.pipeline.tune.FirstWeights} gives a stream the
 * weights that it starts with; training pairs are formed by time, never by position. {@link
 * etesian.pipeline.tune.TuneOperator} is the Flink adapter of {@link etesian.pipeline.learn}: it
 * teaches beside the forecasts, on a {@link etesian.pipeline.tune.LearningThread} that gives way to
 * them, and keeps a {@link etesian.pipeline.tune.TuningState}.
 */
package etesian.pipeline.tune;
