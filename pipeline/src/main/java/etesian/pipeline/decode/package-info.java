/**
 * The first station: a record of a granule topic becomes {@link etesian.ingest.field.Field}s, or a
 * {@link etesian.pipeline.decode.DeadLetter} that keeps its bytes and says why.
 */
package etesian.pipeline.decode;
