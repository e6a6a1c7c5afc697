/**
 * A simulated world, for the demo and for tests without a network: an atmosphere (barotropic
 * vorticity on the sphere that carries a temperature, annual and diurnal cycles) and a sea surface
 * (annual cycle, an El-Niño-like damped oscillation, red noise, continents). It is written in the
 * layouts of the Copernicus Climate Data Store, so the ordinary reader reads it, and every file
 * says that it is simulated. None of it resembles the weather of any day.
 *
 * <p>The same seed gives the same bytes: all randomness comes from {@link java.util.Random}, all
 * transcendental functions from {@link java.lang.StrictMath}.
 */
package etesian.ops.sample;
