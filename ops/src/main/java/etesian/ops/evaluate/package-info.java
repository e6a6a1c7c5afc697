/**
 * A weights file on data files, without a stream: {@link etesian.ops.evaluate.OfflineModel} knows
 * from the header what it forecasts, {@link etesian.ops.evaluate.FieldSeries} has the data in
 * order, {@link etesian.ops.evaluate.Evaluation} lets one forecast the other and verifies with the
 * classes of the stream.
 */
package etesian.ops.evaluate;
