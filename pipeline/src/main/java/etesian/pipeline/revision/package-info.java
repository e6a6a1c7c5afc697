/**
 * What it means that a field comes again: {@link etesian.pipeline.revision.Arrival}. Windows and
 * verification judge it alike.
 */
package etesian.pipeline.revision;
