/**
 * One file of settings, {@code etesian.yaml}, as typed records. {@link
 * etesian.pipeline.settings.SettingsReader} reports every problem at once, with the nearest valid
 * key.
 */
package etesian.pipeline.settings;
