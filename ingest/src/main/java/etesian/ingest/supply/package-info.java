/**
 * Where files come from: folders that are watched, folders on the web, and the data stores that
 * make a file on request.
 *
 * <p>{@link etesian.ingest.supply.HttpFolder} keeps a folder here like one on the web; {@link
 * etesian.ingest.supply.DataStore} asks, waits in the queue and brings what was made. Both bring a
 * file the same way: as {@code NAME.part}, resumed where a connection broke, checked by what the
 * server says of it, renamed when it is whole. {@link etesian.ingest.supply.FolderWatch} tells of
 * files as they become complete, those among them.
 *
 * <p>What a file holds is not looked at here: that is for whoever reads it. What may pass is tried
 * again with growing pauses ({@link etesian.ingest.supply.Patience}); what cannot is one {@link
 * etesian.ingest.supply.SupplyException} that says what to do. A key is sent to the store that it
 * is for, and stands in no message.
 */
package etesian.ingest.supply;
