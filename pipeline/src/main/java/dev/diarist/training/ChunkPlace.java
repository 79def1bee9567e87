package dev.diarist.training;

/**
 * Where a chunk is cut.
 *
 * @param recording its place in the {@link ChunkSource}
 */
public record ChunkPlace(int recording, double startSeconds) {}
