package dev.diarist.training;

/**
 * Where a chunk is cut.
 *
 * @param recording its number in the set
 */
record ChunkPlace(int recording, double startSeconds) {}
