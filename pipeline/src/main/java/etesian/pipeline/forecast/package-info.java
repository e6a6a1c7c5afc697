/**
 * The third station: a forecast is a resumable {@link etesian.pipeline.forecast.Rollout}; all that
 * are running advance together, one step a tick, on the thread of the device. {@link
 * etesian.pipeline.forecast.Roster} decides who runs; {@link
 * etesian.pipeline.forecast.ForecastOperator} is the Flink adapter.
 */
package etesian.pipeline.forecast;
