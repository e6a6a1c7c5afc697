/**
 * The second station: fields in event time become {@link etesian.pipeline.window.FieldWindow}s, one
 * for each issue time whose history is complete. {@link etesian.pipeline.window.WindowSpec}
 * decides; {@link etesian.pipeline.window.AssembleWindows} keeps the fields.
 */
package etesian.pipeline.window;
