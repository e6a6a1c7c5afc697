/**
 * Pictures of fields and skill without a screen: {@link etesian.ops.plot.FieldPicture} draws a
 * field as a map, {@link etesian.ops.plot.CurvePicture} numbers by lead, both as SVG; {@link
 * etesian.ops.plot.PictureFile} writes it, and as PNG beside it where this Java can draw letters.
 * Colours and coastlines are those of the console.
 */
package etesian.ops.plot;
