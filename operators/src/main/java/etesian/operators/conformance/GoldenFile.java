package etesian.operators.conformance;

import java.nio.file.Path;

/**
 * One file of golden vectors.
 *
 * @param name as in {@link CaseResult#name}
 * @param path where it lies, for runners that need a neighbour of it
 * @param arrays its content
 */
public record GoldenFile(String name, Path path, Npz arrays) {}
