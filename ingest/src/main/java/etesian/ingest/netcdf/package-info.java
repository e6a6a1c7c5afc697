/**
 * NetCDF files of ERA5 and sea-surface temperature become {@link etesian.ingest.field.Field}s.
 *
 * <p>{@link etesian.ingest.netcdf.GranuleReader} gives the fields of a file or one {@link
 * etesian.ingest.netcdf.Refusal}; {@link etesian.ingest.netcdf.Inspection} tells what is in a file,
 * also where no field can be made of it. NetCDF-Java finds variables and bytes; what they mean
 * (packing, missing values, CF time, {@code expver}, the order of rows) is decided here, where it
 * can be read in one place. {@link etesian.ingest.netcdf.ClassicNetcdf} writes.
 */
package etesian.ingest.netcdf;
