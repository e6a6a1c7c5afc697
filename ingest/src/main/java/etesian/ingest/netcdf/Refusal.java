package etesian.ingest.netcdf;

import java.util.Objects;

/**
 * Bytes that cannot become fields. The message says what is wrong, in which file, what was expected
 * and what to do; it is the only exception that bad input gives.
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * The class of a refusal, for filters and metrics. Names are part of the dead-letter contract.
   */
  public enum Reason {
    /** No bytes at all. */
    EMPTY,
    /** A Git-LFS pointer in the place of the file. */
    LFS_POINTER,
    /** A web page, usually an error of the download. */
    HTML,
    /** A ZIP archive; Copernicus sends one when a request spans several kinds of data. */
    ZIP,
    /** Plain text. */
    TEXT,
    /** GRIB, which Copernicus offers beside NetCDF. */
    GRIB,
    /** NetCDF of a kind that is not read here, for instance compressed by zstd. */
    UNSUPPORTED_FORMAT,
    /** Any other bytes. */
    NOT_NETCDF,
    /** Shorter than its own header says. */
    TRUNCATED,
    /** The NetCDF library fails on it. */
    CORRUPT,
    /** Beyond {@link Limits}. */
    TOO_LARGE,
    /** Cells that do not lie on a regular latitude-longitude grid. */
    UNSUPPORTED_GRID,
    /** A model calendar (noleap, 360_day, ...) whose days are not days of this world. */
    UNSUPPORTED_CALENDAR,
    /** Times that are absent, missing or in units that are not understood. */
    UNSUPPORTED_TIME,
    /** Times so far ahead of the clock that nothing can have been observed at them. */
    FUTURE_TIME,
    /** Variables with dimensions that have no place in a field, for instance ensemble members. */
    UNSUPPORTED_LAYOUT,
    /** A NetCDF file without any variable over time, latitude and longitude. */
    NO_FIELDS
  }

  private final Reason reason;

  public Refusal(Reason reason, String message) {
    this(reason, message, null);
  }

  public Refusal(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  public Reason reason() {
    return reason;
  }
}
