package dev.diarist.nn.weights;

import java.lang.foreign.MemorySegment;

/**
 * A stored array: its type, its shape (empty for a scalar) and its row-major, little-endian bytes,
 * which may be memory-mapped and are never modified.
 */
public record Tensor(DType type, long[] shape, MemorySegment bytes) {}
