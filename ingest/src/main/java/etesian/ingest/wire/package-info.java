/**
 * How fields and forecasts travel: the binary form in Flink state ({@link
 * etesian.ingest.wire.Codec}), the CF NetCDF of a forecast ({@link
 * etesian.ingest.wire.ForecastNetcdf}) and the CloudEvents headers around it.
 */
package etesian.ingest.wire;
