/**
 * Checks of a machine and of a set-up before anything runs: each a {@link
 * etesian.ops.doctor.Finding} that says what was found and, unless all is well, what to do.
 */
package etesian.ops.doctor;
