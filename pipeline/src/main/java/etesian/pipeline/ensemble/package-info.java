/**
 * Ensembles. {@link etesian.pipeline.ensemble.Beginnings} makes the members of a window: one as it
 * is, some with noise that a {@link etesian.pipeline.ensemble.RandomField} draws, some that begin
 * earlier. What their steps say together is a {@link etesian.pipeline.ensemble.Products}.
 *
 * <p>The same window gives the same members, whenever and wherever it is asked for: a seed is made
 * of what is forecast, and the sequence behind it is one that the specification of Java fixes.
 */
package etesian.pipeline.ensemble;
