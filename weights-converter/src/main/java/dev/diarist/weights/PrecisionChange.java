package dev.diarist.weights;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ConversionOptions.Precision;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings floating point tensors to another type, rounding to nearest; integers stay. In F16 small
 * tensors stay as well: they take no room, and the edges of the sinc filters among them are
 * thousands of hertz, which F16 rounds to whole hertz, enough to change who is heard.
 */
final class PrecisionChange {
  /** Values of a tensor that F16 leaves as it is, at most. */
  private static final int SMALL = 2048;

  private PrecisionChange() {}

  /**
   * @param file what messages call the weights
   * @throws WeightsException if a finite value becomes infinite
   */
  static Weights of(Weights weights, Precision precision, String file) throws WeightsException {
    DType type =
        switch (precision) {
          case AS_STORED -> null;
          case F16 -> DType.F16;
          case F32 -> DType.F32;
        };
    if (type == null) {
      return weights;
    }
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      boolean stays =
          !tensor.type().isReal()
              || tensor.type() == type
              || type == DType.F16 && tensor.elements() <= SMALL;
      changed.put(name, stays ? tensor : changed(tensor, type, name, file));
    }
    return Weights.of(changed, weights.metadata());
  }

  private static Tensor changed(Tensor tensor, DType type, String name, String file)
      throws WeightsException {
    float[] values = tensor.toFloats();
    if (type == DType.F32) {
      return Tensor.of(values, tensor.shape());
    }
    ByteBuffer halves =
        ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      short half = Float.floatToFloat16(value);
      if (Float.isFinite(value) && !Float.isFinite(Float.float16ToFloat(half))) {
        throw new WeightsException(
            "%s: tensor '%s': %s is too large for F16".formatted(file, name, value));
      }
      halves.putShort(half);
    }
    return new Tensor(DType.F16, tensor.shape(), MemorySegment.ofBuffer(halves.flip()));
  }
}
