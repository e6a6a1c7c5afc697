/**
 * The third station: a forecast is a resumable {@link etesian.pipeline.forecast.Rollout}; all that
 * are running advance together, one step a tick, on the thread of the device. {@link
 * etesian.pipeline.forecast.Roster} decides who runs, {@link
 * etesian.pipeline.forecast.AnnouncedChampions} with which weights, {@link
 * etesian.pipeline.forecast.Device} computes, and {@link etesian.pipeline.forecast.ForecastState}
 * remembers; {@link etesian.pipeline.forecast.Doubts} tells of fields that were not taken as they
 * came. {@link etesian.pipeline.forecast.ForecastOperator} is the Flink adapter around them.
 */
package etesian.pipeline.forecast;
