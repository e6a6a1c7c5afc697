/**
 * One file of settings, {@code etesian.yaml}, as typed records, each of which reads its own
 * section. {@link etesian.pipeline.settings.SettingsReader} reports every problem at once, with the
 * nearest valid key.
 */
package etesian.pipeline.settings;
