package dev.diarist.nn.weights;

/** The number types of stored tensors, by their safetensors names. */
public enum DType {
  BOOL(1),
  U8(1),
  I8(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  F64(8),
  I64(8),
  U64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Whether the numbers are floating point ones. */
  public boolean isReal() {
    return switch (this) {
      case F16, BF16, F32, F64 -> true;
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 -> false;
    };
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
