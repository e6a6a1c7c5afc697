/**
 * Forecasts as files, each optional: NetCDF, one file per issue, and a Zarr v3 store that grows by
 * an issue at a time.
 *
 * <p>{@link etesian.pipeline.archive.CollectLeads} waits in keyed state until all leads of an issue
 * are there. {@link etesian.pipeline.archive.ArchiveWriter} then writes it at once, but out of
 * sight, in a folder below {@code .pending}; {@link etesian.pipeline.archive.ArchiveCommitter}
 * moves it to its place when the checkpoint is complete. A commit that is repeated finds its work
 * done. What an attempt left behind that never came to its commit is swept by the next one.
 */
package etesian.pipeline.archive;
