package dev.diarist.nn.backend;

/**
 * Where in an array a cache line begins. A vector of 512 bits that does not begin there lies on two
 * lines, and costs twice as much to load or store on some machines: there a convolution takes a
 * fifth longer.
 *
 * <p>A {@code float[]} begins at a cache line where the JVM was started with {@code
 * -XX:ObjectAlignmentInBytes=64}, as the launcher does, and where the garbage collector G1 gives a
 * large array regions of its own; its first float then lies 16 bytes further. Elsewhere arrays
 * begin anywhere, and nothing but time is lost.
 */
public final class CacheLine {
  /** The first float of an array that begins a cache line; those before it are left alone. */
  public static final int START = (64 - 16) / Float.BYTES;

  /** Floats of a cache line. */
  public static final int FLOATS = 64 / Float.BYTES;

  private CacheLine() {}
}
