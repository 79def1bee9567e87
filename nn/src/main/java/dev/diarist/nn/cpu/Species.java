package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width of a kernel class. */
final class Species {
  private Species() {}

  /** The machine's width, or the one that a copy of a kernel class was made for. */
  static VectorSpecies<Float> of(MethodHandles.Lookup kernel) {
    try {
      Integer lanes = MethodHandles.classData(kernel, "_", Integer.class);
      if (lanes != null) {
        return VectorSpecies.of(float.class, VectorShape.forBitSize(lanes * Float.SIZE));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
    return preferred.length() > 16 ? FloatVector.SPECIES_512 : preferred;
  }
}
