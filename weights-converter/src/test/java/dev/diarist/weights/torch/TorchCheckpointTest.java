package dev.diarist.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchCheckpointTest {
  private static final byte[] ONE_TO_SIX =
      HexFormat.of().parseHex("0000803f000000400000404000008040" + "0000a0400000c040");

  @TempDir Path folder;

  @Test
  void stridesAndOffsetsOfASharedStorageAreFollowed() throws IOException {
    TorchFile file = new TorchFile().storage("0", ONE_TO_SIX);
    Map<String, Object> tensors = new LinkedHashMap<>();
    tensors.put("plain", view(file, 0, new long[] {2, 3}, new long[] {3, 1}));
    tensors.put("transposed", view(file, 0, new long[] {3, 2}, new long[] {1, 3}));
    tensors.put("row", view(file, 3, new long[] {3}, new long[] {1}));
    tensors.put("column", view(file, 1, new long[] {2}, new long[] {3}));
    tensors.put("repeated", view(file, 4, new long[] {2, 2}, new long[] {0, 1}));
    tensors.put("scalar", view(file, 5, new long[0], new long[0]));
    tensors.put("empty", view(file, 6, new long[] {0, 4}, new long[] {4, 1}));
    tensors.put("one", view(file, 2, new long[] {1, 1}, new long[] {99, 77}));
    file.pickle().value(Map.of("state_dict", tensors));
    Weights weights = TorchCheckpoint.read(write(file));
    assertEquals(List.copyOf(tensors.keySet()), List.copyOf(weights.names()));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.floats("plain"));
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.floats("transposed"));
    assertArrayEquals(new long[] {3, 2}, weights.shape("transposed"));
    assertArrayEquals(new float[] {4, 5, 6}, weights.floats("row"));
    assertArrayEquals(new float[] {2, 5}, weights.floats("column"));
    assertArrayEquals(new float[] {5, 6, 5, 6}, weights.floats("repeated"));
    assertArrayEquals(new float[] {6}, weights.floats("scalar"));
    assertArrayEquals(new long[0], weights.shape("scalar"));
    assertArrayEquals(new long[] {0, 4}, weights.shape("empty"));
    assertArrayEquals(new float[] {3}, weights.floats("one"));
  }

  @ParameterizedTest
  @CsvSource({
    "BoolStorage, BOOL, 01, 1",
    "ByteStorage, U8, ff, 255",
    "CharStorage, I8, ff, -1",
    "ShortStorage, I16, fffe, -2",
    "IntStorage, I32, fffffffe, -2",
    "LongStorage, I64, fffffffffffffffe, -2",
    "HalfStorage, F16, 3e00, 1.5",
    "BFloat16Storage, BF16, 3fc0, 1.5",
    "FloatStorage, F32, 3fc00000, 1.5",
    "DoubleStorage, F64, 3ff8000000000000, 1.5",
  })
  void everyTypeIsReadInBothByteOrders(String storage, DType type, String bigEndian, float value)
      throws IOException {
    byte[] big = HexFormat.of().parseHex(bigEndian);
    byte[] little = new byte[big.length];
    for (int i = 0; i < big.length; i++) {
      little[i] = big[big.length - 1 - i];
    }
    for (String order : List.of("little", "big")) {
      TorchFile file = new TorchFile().storage("0", order.equals("big") ? big : little);
      file.entry("byteorder", order.getBytes(StandardCharsets.US_ASCII));
      file.pickle()
          .value(Map.of("x", file.tensor(storage, "0", 1, 0, new long[] {1}, new long[] {1})));
      Weights weights = TorchCheckpoint.read(write(file));
      assertEquals(type, weights.tensor("x").type());
      assertArrayEquals(new float[] {value}, weights.floats("x"), order);
    }
  }

  @Test
  void lightningsAndPyannotesDictionaryBecomesMetadata() throws IOException {
    TorchFile file = new TorchFile();
    var pickle = file.pickle();
    Map<String, Object> specifications = new LinkedHashMap<>();
    specifications.put(
        "problem", (Runnable) () -> pickle.call("pyannote.audio.core.task", "Problem", 1));
    specifications.put(
        "resolution", (Runnable) () -> pickle.call("pyannote.audio.core.task", "Resolution", 1));
    specifications.put("duration", 10.0);
    specifications.put("min_duration", null);
    specifications.put("classes", List.of("speaker#1", "speaker#2"));
    specifications.put("powerset", true);
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("epoch", 3);
    root.put("state_dict", Map.of("x", file.floats("0", new float[] {1}, 1)));
    root.put("hyper_parameters", Map.of("lstm", Map.of("num_layers", 4)));
    root.put(
        "pyannote.audio",
        Map.of(
            "architecture", Map.of("class", "PyanNet"),
            "versions",
                Map.of(
                    "torch",
                    (Runnable)
                        () -> pickle.call("torch.torch_version", "TorchVersion", "2.5.1+cpu")),
            "specifications",
                (Runnable)
                    () ->
                        pickle.object(
                            "pyannote.audio.core.task", "Specifications", specifications)));
    pickle.value(root);
    assertEquals(
        Map.of(
            "format", "pt",
            "architecture", "PyanNet",
            "hyper_parameters", "{\"lstm\":{\"num_layers\":4}}",
            "specifications",
                "{\"problem\":\"MONO_LABEL_CLASSIFICATION\",\"resolution\":\"FRAME\","
                    + "\"duration\":10.0,\"min_duration\":null,"
                    + "\"classes\":[\"speaker#1\",\"speaker#2\"]}"),
        TorchCheckpoint.read(write(file)).metadata());
  }

  @Test
  void parametersAndNestedDictionariesAreFoundByTheirPaths() throws IOException {
    TorchFile file = new TorchFile();
    var pickle = file.pickle();
    Runnable parameter =
        () ->
            pickle
                .global("torch._utils", "_rebuild_parameter")
                .raw("(")
                .value(file.floats("0", new float[] {7}, 1))
                .value(true)
                .call("collections", "OrderedDict")
                .raw("tR");
    pickle.value(Map.of("encoder", Map.of("weight", parameter), "losses", List.of(0.5)));
    Weights weights = TorchCheckpoint.read(write(file));
    assertEquals(List.of("encoder.weight"), List.copyOf(weights.names()));
    assertArrayEquals(new float[] {7}, weights.floats("encoder.weight"));
    assertFalse(weights.metadata().containsKey("architecture"));
  }

  @Test
  void compressedEntriesAreRead() throws IOException {
    TorchFile file = new TorchFile().deflated();
    file.pickle().value(Map.of("x", file.floats("0", new float[] {1, 2}, 2)));
    assertArrayEquals(new float[] {1, 2}, TorchCheckpoint.read(write(file)).floats("x"));
  }

  @Test
  void dictionariesThatContainThemselvesEnd() {
    TorchFile file = new TorchFile();
    file.pickle().raw("}q", 0).value("me").raw("h", 0, "s");
    assertReason("the checkpoint holds no tensors", file);
  }

  @Test
  void hyperParametersThatContainThemselvesAreRefused() {
    TorchFile file = new TorchFile();
    file.pickle()
        .raw("}")
        .value("state_dict")
        .value(Map.of("x", file.floats("0", new float[] {1}, 1)))
        .raw("s")
        .value("hyper_parameters")
        .raw("]q", 0, "h", 0, "as");
    assertReason(
        "hyper_parameters: it must nest at most 32 deep and hold at most 100000 values", file);
  }

  @Test
  void hyperParametersThatMultiplyBySharingAreRefused() {
    TorchFile file = new TorchFile();
    var pickle =
        file.pickle()
            .raw("}")
            .value("state_dict")
            .value(Map.of("x", file.floats("0", new float[] {1}, 1)))
            .raw("s")
            .value("hyper_parameters");
    pickle.raw("]q", 0);
    for (int level = 1; level < 30; level++) {
      pickle.raw("0](h", level - 1, "h", level - 1, "eq", level); // a list of the last one twice
    }
    pickle.raw("s");
    assertReason(
        "hyper_parameters: it must nest at most 32 deep and hold at most 100000 values", file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 7   | 1                  | offset 0, size [7] and stride [1] leave storage '0' of 6"
            + " numbers",
        "1 | 6   | 1                  | offset 1, size [6] and stride [1] leave storage '0' of 6"
            + " numbers",
        "0 | 3   | 3                  | offset 0, size [3] and stride [3] leave storage '0' of 6"
            + " numbers",
        "0 | 3 | 9223372036854775807  | offset 0, size [3] and stride [9223372036854775807] leave"
            + " storage '0' of 6 numbers",
        "-1 | 2  | 1                  | offset, sizes and strides must be 0 or more, found -1, [2]"
            + " and [1]",
        "0 | -2  | 1                  | offset, sizes and strides must be 0 or more, found 0, [-2]"
            + " and [1]",
        "5 | 2   | -1                 | offset, sizes and strides must be 0 or more, found 5, [2]"
            + " and [-1]",
        "7 | 0   | 1                  | offset 7, size [0] and stride [1] leave storage '0' of 6"
            + " numbers",
      })
  void aViewMustStayInItsStorage(long offset, long size, long stride, String reason) {
    TorchFile file = new TorchFile().storage("0", ONE_TO_SIX);
    file.pickle().value(Map.of("x", view(file, offset, new long[] {size}, new long[] {stride})));
    assertRefusedPickle(reason, file);
  }

  @Test
  void sizesAndStridesMustPair() {
    TorchFile file = new TorchFile().storage("0", ONE_TO_SIX);
    file.pickle().value(Map.of("x", view(file, 0, new long[] {2, 3}, new long[] {1})));
    assertRefusedPickle(
        "a tensor must have one stride for each of at most 64 dimensions, found 1 and 2", file);
  }

  @Test
  void aStorageMustHaveTheStatedLength() {
    TorchFile file = new TorchFile().storage("0", new byte[25]);
    file.pickle().value(Map.of("x", view(file, 0, new long[] {2}, new long[] {1})));
    assertReason("storage '0' must hold 6 numbers of F32, found 25 bytes", file);
  }

  @Test
  void aStorageMustBeInTheArchive() {
    TorchFile file = new TorchFile();
    file.pickle().value(Map.of("x", view(file, 0, new long[] {2}, new long[] {1})));
    assertReason("the archive has no entry 'archive/data/0'", file);
  }

  @Test
  void stridesOfZeroMustNotFillTheMemory() {
    TorchFile file = new TorchFile().storage("0", ONE_TO_SIX);
    file.pickle().value(Map.of("x", view(file, 0, new long[] {3000, 1000}, new long[] {0, 0})));
    Path written = write(file);
    var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(written));
    assertEquals(
        "%s: tensor 'x': a file of %d bytes must not unfold to more than 2 times as much"
            .formatted(written, written.toFile().length()),
        error.getMessage());
  }

  @Test
  void tensorsBeyondTwoGigabytesAreRefused() {
    TorchFile file = new TorchFile().storage("0", ONE_TO_SIX);
    file.pickle()
        .value(Map.of("x", view(file, 0, new long[] {1 << 20, 1 << 20}, new long[] {0, 0})));
    assertReason("tensor 'x': must have at most 2147483639 bytes, found 4398046511104", file);
  }

  @Test
  void aZipBombIsRefused() {
    TorchFile file = new TorchFile().deflated().storage("0", new byte[1 << 24]);
    file.pickle()
        .value(
            Map.of(
                "x", file.tensor("ByteStorage", "0", 1 << 24, 0, new long[] {1}, new long[] {1})));
    Path written = write(file);
    var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(written));
    assertEquals(
        "%s: entry 'archive/data/0': a file of %d bytes must not unfold to more than 2 times as much"
            .formatted(written, written.toFile().length()),
        error.getMessage());
  }

  @Test
  void damagedBytesAreNoticed() throws IOException {
    TorchFile file = new TorchFile();
    file.pickle().value(Map.of("x", file.floats("0", new float[] {1234.5f}, 1)));
    Path written = write(file);
    byte[] bytes = Files.readAllBytes(written);
    bytes[indexOf(bytes, HexFormat.of().parseHex("00509a44"))] ^= 1;
    Files.write(written, bytes);
    var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(written));
    assertEquals(
        written
            + ": entry 'archive/data/0' is damaged: its bytes do not match its size and checksum",
        error.getMessage());
  }

  @Test
  void truncatedFilesAreRefusedAtEveryLength() throws IOException {
    TorchFile file = new TorchFile();
    file.pickle().value(Map.of("x", file.floats("0", new float[] {1}, 1)));
    byte[] whole = Files.readAllBytes(write(file));
    Path cut = folder.resolve("cut.bin");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(cut));
      assertTrue(error.getMessage().startsWith(cut + ": broken zip file: "), error.getMessage());
    }
  }

  @Test
  void torchScriptIsNamed() {
    TorchFile file = new TorchFile().entry("constants.pkl", new byte[0]);
    file.pickle().value(Map.of());
    assertReason(
        "a TorchScript archive, which holds a program; a checkpoint written by torch.save of a"
            + " state dict is needed",
        file);
  }

  @Test
  void aZipFileMustHoldOnePickleInOneFolder() throws IOException {
    for (List<String> names :
        List.of(
            List.of("readme.txt"),
            List.of("data.pkl"),
            List.of("a/b/data.pkl"),
            List.of("a/data.pkl", "b/data.pkl"))) {
      Path path = folder.resolve("other.zip");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
        for (String name : names) {
          zip.putNextEntry(new ZipEntry(name));
        }
      }
      int found = names.size() == 2 ? 2 : 0;
      assertEquals(
          path
              + ": a PyTorch checkpoint is a zip file with one data.pkl in one folder, found "
              + found,
          assertThrows(WeightsException.class, () -> TorchCheckpoint.read(path)).getMessage());
    }
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    TorchFile file = new TorchFile().entry("data/0", new byte[4]).entry("data/1", new byte[4]);
    file.pickle().value(Map.of());
    Path path = write(file);
    byte[] bytes = Files.readAllBytes(path);
    byte[] other = "archive/data/1".getBytes(StandardCharsets.UTF_8);
    for (int copy = 0; copy < 2; copy++) { // the entry's own header and the central directory
      bytes[indexOf(bytes, other) + other.length - 1] = '0';
    }
    Files.write(path, bytes);
    assertEquals(
        path + ": the archive has two entries 'archive/data/0'",
        assertThrows(WeightsException.class, () -> TorchCheckpoint.read(path)).getMessage());
  }

  @Test
  void unknownByteOrdersAreNamed() {
    TorchFile file = new TorchFile().entry("byteorder", "middle".getBytes(StandardCharsets.UTF_8));
    file.pickle().value(Map.of("x", file.floats("0", new float[] {1}, 1)));
    assertReason("byteorder must be 'little' or 'big', found 'middle'", file);
  }

  @Test
  void whatIsNoStateDictIsNamed() {
    TorchFile list = new TorchFile();
    list.pickle().value(List.of(1));
    assertReason("a checkpoint must be a dictionary, found a list", list);
    TorchFile number = new TorchFile();
    number.pickle().value(Map.of("state_dict", 1));
    assertReason("state_dict must be a dictionary, found an integer", number);
    TorchFile text = new TorchFile();
    text.pickle().value(Map.of("state_dict", Map.of("x", "y")));
    assertReason("state_dict must hold tensors by name, 'x' is text", text);
  }

  @Test
  void otherStorageTypesAndOddIdsAreNamed() {
    TorchFile complex = new TorchFile().storage("0", ONE_TO_SIX);
    complex
        .pickle()
        .value(
            Map.of(
                "x",
                complex.tensor("ComplexFloatStorage", "0", 3, 0, new long[] {3}, new long[] {1})));
    assertRefusedPickle(
        "the class or function 'torch.ComplexFloatStorage' is not on the list of what a checkpoint"
            + " may hold",
        complex);
    TorchFile odd = new TorchFile();
    odd.pickle().value("0").raw("Q");
    assertRefusedPickle(
        "a storage must be ('storage', type, key, location, elements), found another text", odd);
    TorchFile called = new TorchFile();
    called.pickle().call("torch", "FloatStorage", 8);
    assertRefusedPickle("torch.FloatStorage names a type of numbers and is never called", called);
    TorchFile negative = new TorchFile();
    negative.pickle().value(negative.tensor("FloatStorage", "0", -1, 0, new long[0], new long[0]));
    assertRefusedPickle("storage '0' must have 0 or more numbers, found -1", negative);
  }

  private static Runnable view(TorchFile file, long offset, long[] size, long[] stride) {
    return file.tensor("FloatStorage", "0", 6, offset, size, stride);
  }

  private Path write(TorchFile file) {
    return file.write(folder.resolve("model.bin"));
  }

  private void assertReason(String reason, TorchFile file) {
    Path path = write(file);
    var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(path));
    assertEquals(path + ": " + reason, error.getMessage());
  }

  private void assertRefusedPickle(String reason, TorchFile file) {
    Path path = write(file);
    var error = assertThrows(WeightsException.class, () -> TorchCheckpoint.read(path));
    String message = error.getMessage();
    assertTrue(message.startsWith(path + ": broken or refused pickle at byte "), message);
    assertEquals(
        reason, message.substring(message.indexOf(": ", path.toString().length() + 2) + 2));
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
