/**
 * What is normal for a time of the year and of the day: per cell a ridge regression on {@link
 * etesian.pipeline.climatology.Harmonics}. {@link etesian.pipeline.climatology.Climatology} learns
 * field by field and knows only what it has seen; {@link
 * etesian.pipeline.climatology.FrozenClimatology} is one that has stopped learning, for use inside
 * a trained model.
 */
package etesian.pipeline.climatology;
