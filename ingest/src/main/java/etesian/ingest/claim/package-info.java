/**
 * Redeems claim checks: a record that only says where a granule lies ({@link
 * etesian.ingest.wire.DataReference}) becomes its bytes, read from allowed roots only and within
 * limits on size and time, or an {@link etesian.ingest.claim.Unresolved} that says why not.
 */
package etesian.ingest.claim;
