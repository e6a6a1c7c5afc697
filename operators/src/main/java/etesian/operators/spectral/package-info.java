/**
 * Spectral methods on the torus: for now the reference solver whose solutions neural operators
 * learn and are judged by.
 */
package etesian.operators.spectral;
