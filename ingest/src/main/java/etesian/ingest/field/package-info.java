/**
 * What a field <em>is</em>: values on a {@link etesian.ingest.field.Grid} of one {@link
 * etesian.ingest.field.Variable} at one valid time. Plain values, shared read-only; nothing here
 * knows how a field is stored or sent.
 */
package etesian.ingest.field;
