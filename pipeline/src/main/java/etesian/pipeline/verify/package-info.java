/**
 * Forecasts meet the observation of their valid time, each variable of a stream on its own. {@link
 * etesian.pipeline.verify.VerifyForecasts} holds the steps that wait; {@link
 * etesian.pipeline.verify.References} knows, at each issue time and from nothing later, what
 * persistence, climatology and damped anomaly persistence would have said; {@link
 * etesian.pipeline.verify.Verifier} compares all of them with the truth on the same cells,
 * everywhere and in each {@link etesian.pipeline.verify.Region}; {@link
 * etesian.pipeline.verify.SkillTable} sums up; a {@link etesian.pipeline.verify.Score} tells.
 *
 * <p>Everything happens in event-time timers, so the scores depend on what arrived, not on the
 * order in which it did.
 */
package etesian.pipeline.verify;
