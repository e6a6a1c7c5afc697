/**
 * How the values of the stream look to Flink: a declared {@link etesian.pipeline.types.CodecType}
 * for each, built on a versioned {@link etesian.ingest.wire.Codec}, so that no state depends on
 * class internals.
 */
package etesian.pipeline.types;
