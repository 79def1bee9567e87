package dev.diarist.weights.npz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ReadingBounds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NumpyArrayTest {
  private static final byte[] ONE_TO_SIX = {1, 2, 3, 4, 5, 6};

  @Test
  void rowsComeFirstWhicheverWayTheArrayIsStored() throws WeightsException {
    Tensor rows = read(header("|u1", false, "(2, 3)"), ONE_TO_SIX);
    assertArrayEquals(new long[] {2, 3}, rows.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, rows.toFloats());
    Tensor columns = read(header("|u1", true, "(2, 3)"), ONE_TO_SIX);
    assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, columns.toFloats());
  }

  @Test
  void bothByteOrdersAreRead() throws WeightsException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      byte[] data = ByteBuffer.allocate(8).order(order).putDouble(1.5).array();
      String descr = order == ByteOrder.LITTLE_ENDIAN ? "<f8" : ">f8";
      Tensor tensor = read(header(descr, false, "()"), data);
      assertEquals(DType.F64, tensor.type());
      assertArrayEquals(new float[] {1.5f}, tensor.toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'|O'|False|(2, 3)|numbers must be of one of",
        "<f4|False|(2, 3)|F32 of shape [2, 3] needs 24 bytes, found 6",
        "'|u1'|False|(9999999999, 9999999999)|has more bytes than 2^63",
        "'|u1'|False|(99999999999999999999,)|no shape: (99999999999999999999,)",
        "'|u1'|False|(-6,)|the header must hold descr",
        "'|u1'|Maybe|(6,)|the header must hold descr",
        "'|u1'|False|__import__('os')|the header must hold descr",
      })
  void headersThatDoNotFitAreRefused(String descr, String fortran, String shape, String reason) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n".formatted(descr, fortran, shape);
    var error = assertThrows(WeightsException.class, () -> read(header, ONE_TO_SIX));
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = array(header("|u1", false, "(2, 3)"), ONE_TO_SIX);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(WeightsException.class, () -> NumpyArray.read(cut, "test"));
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyArrayIsReadOrRefused(byte[] content) {
    ReadingBounds.check(content.length, () -> NumpyArray.read(content.clone(), "test"));
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            array(header("|u1", true, "(2, 3)"), ONE_TO_SIX),
            array(header(">i2", false, "(3,)"), ONE_TO_SIX),
            array(header("|O", false, "(1,)"), ONE_TO_SIX),
            array(header("<f8", false, "(0, 9999999999)"), new byte[0]))
        .map(content -> Arguments.of((Object) content));
  }

  private static String header(String descr, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }   \n"
        .formatted(descr, fortran ? "True" : "False", shape);
  }

  private static Tensor read(String header, byte[] data) throws WeightsException {
    return NumpyArray.read(array(header, data), "test");
  }

  private static byte[] array(String header, byte[] data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.write(header.length() & 0xff);
    bytes.write(header.length() >> 8);
    bytes.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(data);
    return bytes.toByteArray();
  }
}
