/**
 * The main job on one machine, everything embedded: on a simulated world or on files that the user
 * gives, with a report that counts what was due and what came.
 */
package etesian.ops.demo;
