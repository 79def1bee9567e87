package dev.diarist.nn.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  private static final String ENTRY = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("lstm.weight", Tensor.of(new float[] {1.5f, -0f, Float.NaN, 4, 5, 6}, 2, 3));
    tensors.put("bytes", new Tensor(DType.U8, new long[] {3}, bytes(1, 2, 3)));
    tensors.put("bn.num_batches_tracked", Tensor.of(new long[] {41}));
    tensors.put("nothing", Tensor.of(new float[0], 3, 0));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("source", "ä \"quoted\"");
    metadata.put("format", "pt");
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Weights.of(tensors, metadata));

    Weights back = SafeTensors.read(file);
    assertEquals(new ArrayList<>(tensors.keySet()), new ArrayList<>(back.names()));
    assertEquals(metadata, back.metadata());
    for (String name : tensors.keySet()) {
      assertEquals(tensors.get(name).type(), back.tensor(name).type(), name);
      assertArrayEquals(tensors.get(name).shape(), back.shape(name), name);
      assertEquals(-1, tensors.get(name).bytes().mismatch(back.tensor(name).bytes()), name);
    }
  }

  @Test
  void equalWeightsGiveEqualBytesWithAnAlignedHeaderAndNothingLeftBeside() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("narrow", new Tensor(DType.U8, new long[] {1}, bytes(9)));
    tensors.put("wide", Tensor.of(new long[] {1}));
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    Files.writeString(second, "an older file");
    SafeTensors.write(first, Weights.of(tensors, Map.of()));
    SafeTensors.write(second, Weights.of(tensors, Map.of()));
    assertEquals(-1, Files.mismatch(first, second));
    byte[] written = Files.readAllBytes(first);
    assertEquals(0, written[0] % 8);
    String header = new String(written, 8, written[0] & 0xff, StandardCharsets.UTF_8);
    assertEquals(
        json(
            "{'narrow':{'dtype':'U8','shape':[1],'data_offsets':[8,9]},"
                + "'wide':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}"),
        header.strip());
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void readingKeepsWorkingWhenTheFileIsReplaced() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Weights.of(Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of()));
    Weights old = SafeTensors.read(file);
    SafeTensors.write(file, Weights.of(Map.of("a", Tensor.of(new float[] {2}, 1)), Map.of()));
    assertEquals(1, old.floats("a")[0]);
    assertEquals(2, SafeTensors.read(file).floats("a")[0]);
  }

  @Test
  void theReservedNameIsNotWritten() {
    Weights weights = Weights.of(Map.of("__metadata__", Tensor.of(new float[0], 0)), Map.of());
    Path file = folder.resolve("x");
    assertEquals(
        file + ": a tensor must not have the name '__metadata__'",
        assertThrows(WeightsException.class, () -> SafeTensors.write(file, weights)).getMessage());
  }

  @Test
  void tensorsMayStandInAnyOrderAndSpacesMayFollowTheHeader() throws IOException {
    Weights weights =
        read(
            "{'b':{'dtype':'U8','shape':[1],'data_offsets':[2,3]},"
                + "'empty':{'dtype':'F64','shape':[0],'data_offsets':[2,2]},"
                + "'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}}   ",
            1,
            2,
            3);
    assertEquals(List.of("b", "empty", "a"), List.copyOf(weights.names()));
    assertArrayEquals(new float[] {3}, weights.floats("b"));
    assertArrayEquals(new float[] {1, 2}, weights.floats("a"));
    assertArrayEquals(new float[0], weights.floats("empty"));
  }

  @Test
  void aFileOfNoTensorsIsLegal() throws IOException {
    assertTrue(read("{}").names().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[1]                 | the header must begin with '{'",
        "{'a':               | the header is not valid JSON: Unexpected end-of-input",
        "{} {}               | only spaces may follow the JSON object of the header",
        "{'__metadata__':[]} | __metadata__ must be an object, found ARRAY",
        "{'__metadata__':{'a':1}} | __metadata__ must hold strings, 'a' is NUMBER",
        "{'a':3}             | tensor 'a': must be described by an object, found NUMBER",
      })
  void aBadHeaderIsNamed(String header, String reason) {
    assertReason(reason, header);
  }

  @Test
  void aNameMustNotOccurTwice() {
    assertReason(
        "the header is not valid JSON: Duplicate field 'a'", "{" + ENTRY + "," + ENTRY + "}");
    assertReason(
        "the header is not valid JSON: Duplicate field 'shape'",
        "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'dtype':'F8','shape':[8],'data_offsets':[0,8] | dtype must be one of BOOL, U8, I8, I16,"
            + " U16, F16, BF16, I32, U32, F32, F64, I64, U64, found",
        "'shape':[8],'data_offsets':[0,8] | dtype must be one of BOOL, U8, I8, I16, U16, F16, BF16,"
            + " I32, U32, F32, F64, I64, U64, found none",
        "'dtype':'F32','data_offsets':[0,8] | shape must be an array of integers, found none",
        "'dtype':'F32','shape':2,'data_offsets':[0,8] | shape must be an array of integers, found"
            + " NUMBER",
        "'dtype':'F32','shape':[-2],'data_offsets':[0,8] | shape must hold integers from 0 to"
            + " 9223372036854775807, found -2",
        "'dtype':'F32','shape':[2.0],'data_offsets':[0,8] | shape must hold integers from 0 to"
            + " 9223372036854775807, found 2.0",
        "'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8] | shape must hold"
            + " integers from 0 to 9223372036854775807, found 9223372036854775808",
        "'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8] | shape [4294967296,"
            + " 4294967296] has more bytes than 2^63",
        "'dtype':'F32','shape':[2] | data_offsets must be an array of integers, found none",
        "'dtype':'F32','shape':[2],'data_offsets':[8] | data_offsets must be two numbers, found 1",
        "'dtype':'F32','shape':[2],'data_offsets':[-8,0] | data_offsets must hold integers from 0"
            + " to 9223372036854775807, found -8",
        "'dtype':'F32','shape':[2],'data_offsets':[8,0] | data_offsets must not descend, found [8,"
            + " 0]",
        "'dtype':'F32','shape':[3],'data_offsets':[0,8] | F32 of shape [3] needs 12 bytes,"
            + " data_offsets [0, 8] hold 8",
        "'dtype':'F32','shape':[3],'data_offsets':[0,12] | its data ends at byte 12, the file has 8"
            + " bytes of data",
        "'dtype':'F32','shape':[1],'data_offsets':[4,8] | 4 bytes before its data belong to no"
            + " tensor",
        "'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1 | unknown field 'more'",
      })
  void aBadTensorIsNamed(String entry, String reason) {
    assertReason("tensor 'a': " + reason, "{'a':{" + entry + "}}", 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void overlapsAndBytesAfterTheEndAreNamed() {
    String other = "'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}";
    assertReason(
        "tensor 'b': its data begins at byte 4 and overlaps another tensor, which ends at byte 8",
        "{" + ENTRY + "," + other + "}",
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
    assertReason("1 bytes after the last tensor", "{" + ENTRY + "}", 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void headersThatAreNotTextAreNamed() {
    byte[] file = file("{'a'}");
    file[10] = (byte) 0xff;
    assertFileReason("the header is not valid UTF-8", file);
  }

  @Test
  void falseHeaderLengthsAreNamed() {
    assertFileReason(
        "a safetensors file begins with the 8 bytes of the header length, found only 3 bytes",
        new byte[3]);
    assertFileReason(
        "the header must have at most 100000000 bytes, its stated length is 18446744073709551615",
        ByteBuffer.allocate(16).putLong(-1).array());
    assertFileReason(
        "the header must have at most 100000000 bytes, its stated length is 100000001",
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).array());
    assertFileReason(
        "the stated length of the header is 9 bytes, the file has 8 after it",
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(9).array());
    assertFileReason("the header must begin with '{'", new byte[8]);
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("missing");
    assertEquals(
        missing + ": must be a safetensors file, found nothing",
        assertThrows(WeightsException.class, () -> SafeTensors.read(missing)).getMessage());
    assertEquals(
        folder + ": must be a safetensors file, found a folder",
        assertThrows(WeightsException.class, () -> SafeTensors.read(folder)).getMessage());
  }

  private static void assertReason(String reason, String header, int... data) {
    assertFileReason(reason, file(header, data));
  }

  private static void assertFileReason(String reason, byte[] file) {
    var error =
        assertThrows(
            WeightsException.class,
            () -> SafeTensors.read(MemorySegment.ofArray(file), "model.safetensors"));
    String message = error.getMessage();
    assertTrue(
        message.startsWith("model.safetensors: " + reason),
        () -> "expected: " + reason + "\nfound: " + message);
  }

  private static Weights read(String header, int... data) throws IOException {
    return SafeTensors.read(MemorySegment.ofArray(file(header, data)), "test");
  }

  private static byte[] file(String header, int... data) {
    byte[] json = json(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(bytes(data).toArray(ValueLayout.JAVA_BYTE));
    return file.array();
  }

  private static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
