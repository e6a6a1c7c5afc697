/**
 * What it means that a field comes again: {@link etesian.pipeline.revision.Arrival}. Windows,
 * verification and learning judge it alike.
 */
package etesian.pipeline.revision;
