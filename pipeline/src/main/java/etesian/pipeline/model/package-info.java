/**
 * Between fields and tensors: a {@link etesian.pipeline.model.Forecaster} is a neural operator with
 * the climatology, normalisation and calendar that it was trained with, all from one weights file.
 * What forecasting and training share.
 */
package etesian.pipeline.model;
