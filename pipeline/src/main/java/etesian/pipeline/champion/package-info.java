/**
 * Which weights serve which issue time, and where they lie: a {@link
 * etesian.pipeline.champion.Champion} is a value of the compacted champions topic, complete by
 * itself; the {@link etesian.pipeline.champion.WeightsStore} keeps content-addressed files, in a
 * folder of {@link etesian.pipeline.storage}.
 */
package etesian.pipeline.champion;
