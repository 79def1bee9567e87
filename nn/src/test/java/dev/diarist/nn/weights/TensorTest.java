package dev.diarist.nn.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class TensorTest {
  @Test
  void everyHalfBecomesTheFloatOfItsSignExponentAndMantissa() {
    byte[] bytes = new byte[2 << 16];
    for (int bits = 0; bits < 1 << 16; bits++) {
      bytes[2 * bits] = (byte) bits;
      bytes[2 * bits + 1] = (byte) (bits >> 8);
    }
    float[] values =
        new Tensor(DType.F16, new long[] {1 << 16}, MemorySegment.ofArray(bytes)).toFloats();
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int mantissa = bits & 1023;
      double magnitude =
          exponent == 31
              ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? mantissa * 0x1p-24
                  : (1024 + mantissa) * Math.scalb(1.0, exponent - 25);
      float expected = (float) (bits >= 1 << 15 ? -magnitude : magnitude);
      assertEquals(expected, values[bits], "half " + Integer.toHexString(bits));
    }
  }

  @Test
  void brainFloatsAreTheUpperHalfOfAFloat() {
    // 1, -2, infinity, the smallest subnormal, the largest finite number
    float[] values = tensor(DType.BF16, "803f 00c0 807f 0100 7f7f", 5).toFloats();
    assertArrayEquals(
        new float[] {1, -2, Float.POSITIVE_INFINITY, 0x1p-133f, 0x1.fep127f}, values, 0);
    assertEquals(Float.NaN, tensor(DType.BF16, "c07f", 1).toFloats()[0]);
  }

  @Test
  void floatsKeepEveryBit() {
    float[] values = {0f, -0f, Float.MIN_VALUE, -Float.MAX_VALUE, Float.NaN, 0.1f};
    float[] back = Tensor.of(values, 2, 3).toFloats();
    for (int i = 0; i < values.length; i++) {
      assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(back[i]));
    }
  }

  @Test
  void integersOfEveryWidthAndSignConvert() {
    assertArrayEquals(new long[] {0, 1}, tensor(DType.BOOL, "0001", 2).toLongs());
    assertArrayEquals(new long[] {255, 1}, tensor(DType.U8, "ff01", 2).toLongs());
    assertArrayEquals(new long[] {-1, 1}, tensor(DType.I8, "ff01", 2).toLongs());
    assertArrayEquals(new long[] {-2}, tensor(DType.I16, "feff", 1).toLongs());
    assertArrayEquals(new long[] {65534}, tensor(DType.U16, "feff", 1).toLongs());
    assertArrayEquals(new long[] {-2}, tensor(DType.I32, "feffffff", 1).toLongs());
    assertArrayEquals(new long[] {4294967294L}, tensor(DType.U32, "feffffff", 1).toLongs());
    assertArrayEquals(new long[] {-2}, tensor(DType.I64, "feffffffffffffff", 1).toLongs());
    assertArrayEquals(new float[] {-2}, tensor(DType.I64, "feffffffffffffff", 1).toFloats(), 0);
    // 2^64 - 2 rounds to 2^64
    assertArrayEquals(
        new float[] {0x1p64f}, tensor(DType.U64, "feffffffffffffff", 1).toFloats(), 0);
    // 2^63 + 2^39 + 1 lies just above the middle of two floats and rounds up
    assertArrayEquals(
        new float[] {0x1.000002p63f}, tensor(DType.U64, "0100000080000080", 1).toFloats(), 0);
  }

  @Test
  void doublesRoundToTheNearestFloat() {
    assertArrayEquals(new float[] {0.1f}, tensor(DType.F64, "9a9999999999b93f", 1).toFloats(), 0);
  }

  @Test
  void aFloatTensorHasNoLongs() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[] {1}, 1).toLongs());
    assertEquals("an integer tensor is needed, got F32", error.getMessage());
  }

  @Test
  void bytesMustMatchShapeAndType() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[] {1, 2, 3}, 2, 2));
    assertEquals("F32 tensor of shape [2, 2] must have 16 bytes, got 12", error.getMessage());
  }

  @Test
  void shapesThatOverflowOrAreNegativeAreRefused() {
    assertEquals(
        "shape [4294967296, 4294967296] has more bytes than 2^63",
        assertThrows(
                IllegalArgumentException.class, () -> Tensor.byteSize(DType.U8, 1L << 32, 1L << 32))
            .getMessage());
    assertEquals(
        "every dimension must be at least 0, got shape [-1]",
        assertThrows(IllegalArgumentException.class, () -> Tensor.byteSize(DType.U8, -1))
            .getMessage());
  }

  @Test
  void weightsNameTheTensorTheyLack() {
    Weights weights =
        Weights.of(Map.of("a", Tensor.of(new float[1], 1)), Map.of("source", "some.bin"));
    assertEquals(
        "no tensor 'b' among the 1 tensors of some.bin",
        assertThrows(IllegalArgumentException.class, () -> weights.floats("b")).getMessage());
  }

  @Test
  void arraysHaveShapeAndValuesOfTheirTensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("matrix", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    tensors.put("counter", Tensor.of(new long[] {7}));
    tensors.put("nothing", Tensor.of(new float[0], 0, 3));
    Weights weights = Weights.of(tensors, Map.of());
    INDArray matrix = weights.array("matrix");
    assertArrayEquals(new long[] {2, 3}, matrix.shape());
    assertEquals(DataType.FLOAT, matrix.dataType());
    assertEquals(6, matrix.getFloat(1, 2));
    assertEquals(4, matrix.getFloat(1, 0));
    INDArray counter = weights.array("counter");
    assertArrayEquals(new long[0], counter.shape());
    assertEquals(7, counter.getFloat(0));
    assertArrayEquals(new long[] {0, 3}, weights.array("nothing").shape());
    assertArrayEquals(new long[] {7}, weights.longs("counter"));
  }

  @Test
  void changingAReturnedShapeDoesNotChangeTheWeights() {
    Weights weights = Weights.of(Map.of("a", Tensor.of(new float[6], 2, 3)), Map.of());
    weights.shape("a")[0] = 9;
    assertArrayEquals(new long[] {2, 3}, weights.shape("a"));
  }

  private static Tensor tensor(DType type, String hex, long... shape) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return new Tensor(type, shape, MemorySegment.ofArray(bytes));
  }
}
