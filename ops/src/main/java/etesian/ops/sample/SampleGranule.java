package etesian.ops.sample;

import java.time.Instant;

/**
 * A simulated NetCDF file.
 *
 * @param dataset {@code era5} or {@code sst}: the granule topic it belongs to
 * @param fileName what to call it on disk
 * @param first valid time of its first field
 * @param last valid time of its last field
 * @param bytes the file; given away, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SampleGranule(
    String dataset, String fileName, Instant first, Instant last, byte[] bytes) {}
