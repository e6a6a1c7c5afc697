/**
 * Folders, wherever they are: an {@link etesian.pipeline.storage.Folder} is one on a local disk, or
 * in any file system that Flink knows, an object store among them. A file in it is there whole or
 * not at all, and is written once.
 */
package etesian.pipeline.storage;
