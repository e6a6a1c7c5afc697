/**
 * Golden vectors: files of arrays that reference programs computed once. {@link
 * etesian.operators.conformance.Conformance} walks a folder, hands each file to the {@link
 * etesian.operators.conformance.GoldenRunner} that recognises it by the names of its arrays, and
 * lists how far this library is from the truth.
 */
package etesian.operators.conformance;
