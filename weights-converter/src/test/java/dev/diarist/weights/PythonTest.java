package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever Diarist writes, Python reads, and the other way round; skips visibly without Python. */
class PythonTest {
  private static final String VARIABLE = "DIARIST_PYTHON";
  private static final String PYTHON = System.getenv().getOrDefault(VARIABLE, "python3");

  private static final Path GOLDEN =
      Path.of(System.getProperty("diarist.root", ".."))
          .resolve("tests/shared/golden")
          .toAbsolutePath();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"segmentation", "embedding"})
  void pyannoteAnswersTheSameFromWhatIsWritten(String role) throws Exception {
    needs("torch", "safetensors", "pyannote.audio");
    Path original = GOLDEN.resolve("models/small").resolve(role).resolve("pytorch_model.bin");
    Path stateDict = folder.resolve("state.safetensors");
    convert(original, stateDict, Layout.STATE_DICT);
    assertSame(run("read_back.py", original, stateDict, ""));
    Path single = folder.resolve("single.safetensors");
    convert(original, single, Layout.BUNDLE);
    assertSame(run("read_back.py", original, single, ""));
    if (role.equals("segmentation")) {
      convert(original, folder.resolve("diarizers"), Layout.DIARIZERS);
      Path model = folder.resolve("diarizers/model.safetensors");
      assertSame(run("read_back.py", original, model, "model."));
    }
  }

  @Test
  void pyannoteDiarizesTheSameWithThePipelineThatIsWritten() throws Exception {
    needs("torch", "pyannote.audio");
    Path original = folder.resolve("original");
    run("pyannote_pipeline.py", "make", GOLDEN.resolve("models/small"), original);
    Path bundle = folder.resolve("bundle");
    convert(original, bundle, Layout.BUNDLE);
    Path written = folder.resolve("written");
    assertEquals(List.of(), convert(bundle, written, Layout.PYANNOTE).warnings());
    Path audio = GOLDEN.resolve("audio/dialogue-synthetic.wav");
    assertSame(run("pyannote_pipeline.py", "compare", original, written, audio));
  }

  @Test
  void exportsAreReadAsOnnxruntimeRunsThem() throws Exception {
    needs("torch", "safetensors", "pyannote.audio", "onnx", "onnxruntime");
    Path models = GOLDEN.resolve("models/small");
    Path exports = Files.createDirectory(folder.resolve("exports"));
    run("onnx_exports.py", "make", models, exports);
    List<Path> files;
    try (Stream<Path> found = Files.list(exports)) {
      files = found.filter(file -> file.toString().endsWith(".onnx")).toList();
    }
    assertEquals(10, files.size());
    for (Path file : files) {
      String name = file.getFileName().toString().replaceFirst("onnx$", "safetensors");
      convert(file, exports.resolve(name), Layout.STATE_DICT);
    }
    assertSame(run("onnx_exports.py", "compare", models, exports));
  }

  @Test
  void everyTypeAndStrideThatPyTorchWritesIsReadBitForBit() throws Exception {
    needs("torch", "safetensors");
    Path zip = folder.resolve("odd.pt");
    Path legacy = folder.resolve("old.pt");
    Path expected = folder.resolve("odd.safetensors");
    run("write_odd.py", zip, legacy, expected);
    Weights reference = SafeTensors.read(expected);
    assertEquals(18, reference.names().size());
    for (Path file : List.of(zip, legacy)) {
      Weights found = Checkpoint.read(file);
      assertEquals(reference.names().size(), found.names().size());
      for (String name : reference.names()) {
        Tensor tensor = reference.tensor(name);
        assertEquals(tensor.type(), found.tensor(name).type(), name);
        assertArrayEquals(tensor.shape(), found.tensor(name).shape(), name);
        assertEquals(-1, tensor.bytes().mismatch(found.tensor(name).bytes()), name);
      }
    }
  }

  private static Conversion convert(Path source, Path target, Layout layout) throws IOException {
    return Converter.convert(
        source,
        target,
        new ConversionOptions(layout, Precision.AS_STORED, false, RepositorySource.NONE));
  }

  private static void assertSame(String answer) {
    assertTrue(answer.startsWith("same: "), answer);
  }

  private static void needs(String... modules) throws Exception {
    List<String> command = new ArrayList<>(List.of(PYTHON, "-c"));
    command.add("import " + String.join(", ", modules));
    int code;
    try {
      code = new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      code = -1;
    }
    assumeTrue(
        code == 0,
        "skipped: no Python with %s (%s=%s)"
            .formatted(String.join(", ", modules), VARIABLE, PYTHON));
  }

  private String run(String script, Object... arguments) throws Exception {
    Path copy = folder.resolve(script);
    try (InputStream in = PythonTest.class.getResourceAsStream(script)) {
      Files.write(copy, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of(PYTHON, copy.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path output = folder.resolve("output.txt");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, code, said);
    return said.lines().reduce("", (before, line) -> line);
  }
}
