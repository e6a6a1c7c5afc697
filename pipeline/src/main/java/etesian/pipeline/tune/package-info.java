/**
 * Training on the stream's own data. {@link etesian.pipeline.tune.FirstWeights} gives a stream the
 * weights that it starts with; training pairs are formed by time, never by position.
 */
package etesian.pipeline.tune;
