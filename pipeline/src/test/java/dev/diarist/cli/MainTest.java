package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.SmallModel;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir private Path folder;

  @Test
  void versionAndHelpAreResults() {
    CommandLineRun version = run("--version");
    assertEquals(0, version.code());
    assertTrue(version.out().startsWith("diarist "), version.out());
    assertEquals("", version.err());
    for (String[] args : new String[][] {{"-V"}, {"--debug", "-V"}, {"vad", "--version"}}) {
      assertEquals(version, run(args));
    }
    for (String[] args : new String[][] {{"--help"}, {"help"}, {"-h"}}) {
      CommandLineRun help = run(args);
      assertEquals(0, help.code());
      assertTrue(help.out().startsWith("Usage: diarist "), help.out());
      for (String command : List.of("diarize", "train", "devices", "help")) {
        assertTrue(help.out().contains("\n  " + command + " "), help.out());
      }
      assertEquals("", help.err());
    }
    assertTrue(run("help", "vad").out().startsWith("Usage: diarist vad "));
    assertTrue(run("train", "embedding", "-h").out().startsWith("Usage: diarist train embedding "));
    assertTrue(run("--debug", "diarize", "--help").out().contains("--min-speakers=N"));
    assertTrue(run("--model", "m", "--help").out().contains("--min-speakers=N"));
  }

  @Test
  void aCallWithoutAnythingIsWrong() {
    CommandLineRun expected =
        new CommandLineRun(
            2,
            "",
            """
            diarist: a recording or a command is needed
            Try 'diarist --help' for what is possible.
            """);
    assertEquals(expected, run());
    assertEquals(expected, run("--debug"));
  }

  @Test
  void weightsAreListedAsATable() throws IOException {
    String checkpoint = checkpoint();
    assertEquals(
        new CommandLineRun(
            0,
            """
            linear.bias    F32   (3)
            lstm.weight_0  F16   (2, 4)
            steps          I64   ()

            file: %s
            network: none that is known
            source: made up

            """
                .formatted(checkpoint),
            ""),
        run("weights", checkpoint));
  }

  @Test
  void weightsAreListedAsJson() throws IOException {
    CommandLineRun run = run("weights", checkpoint(), "--format", "json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertEquals("made up", json.path("metadata").path("source").asText());
    assertEquals(
        "{\"name\":\"lstm.weight_0\",\"type\":\"F16\",\"shape\":[2,4]}",
        json.path("tensors").path(1).toString());
    assertEquals("[]", json.path("tensors").path(2).path("shape").toString());
  }

  @Test
  void namesThatWouldCommandATerminalAreMadeHarmless() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Weights.of(Map.of("a\u001b[2Jb", tensor(DType.I64)), Map.of()));
    String out = run("weights", file.toString()).out();
    assertEquals("a?[2Jb  I64   ()", out.lines().findFirst().orElse(""));
    assertEquals("tensor 'a?[2J'", Failure.sentence(new IOException("tensor 'a\u001b[2J'")));
  }

  @Test
  void weightsThatAreMissingAreNamed() {
    String missing = folder.resolve("none.bin").toString();
    CommandLineRun run = run("weights", missing);
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("diarist: " + missing + ": "), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void whatIsMissingOfANetworkIsListed() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Tensor bands = tensor(DType.F32, 40, 1);
    SafeTensors.write(
        file, Weights.of(Map.of("sincnet.conv1d.0.filterbank.low_hz_", bands), Map.of()));
    String out = run("weights", file.toString()).out();
    assertTrue(out.contains("\nnetwork: PyanNet\n"), out);
    assertTrue(out.contains("\nfinding: tensor 'sincnet.conv1d.1.weight' is missing\n"), out);
    assertTrue(out.contains("\nsha256: "), out);
  }

  @Test
  void aModelIsConvertedCheckedAndConvertedForPython() throws IOException {
    String small = folder.resolve("small").toString();
    CommandLineRun converted = run("convert", SmallModel.FOLDER.toString(), small, "--check");
    assertEquals(0, converted.code(), converted.err());
    assertEquals("", converted.out());
    assertEquals(4, converted.err().lines().count(), converted.err());
    assertTrue(converted.err().contains("segmentation.safetensors: PyanNet, 38 tensors"));
    assertTrue(converted.err().contains("checked " + small), converted.err());
    CommandLineRun checked = run("convert", "--check", small);
    assertEquals(2, checked.err().lines().filter(line -> line.contains("checked")).count());

    Path repository = folder.resolve("diarizers");
    CommandLineRun python =
        run("convert", small, repository.toString(), "--layout=diarizers", "--precision=f16");
    assertEquals(0, python.code(), python.err());
    assertTrue(Files.isRegularFile(repository.resolve("config.json")));
    Weights halved = SafeTensors.read(repository.resolve("model.safetensors"));
    assertEquals(DType.F16, halved.tensor("model.lstm.weight_ih_l0").type());
    // Hertz are not rounded.
    String edges = "model.sincnet.conv1d.0.filterbank.low_hz_";
    assertEquals(DType.F32, halved.tensor(edges).type());
  }

  @Test
  void figuresThatHaveChangedAreNoticed() throws IOException {
    Path bundle = folder.resolve("small");
    run("convert", SmallModel.FOLDER.toString(), bundle.toString());
    Path file = bundle.resolve("segmentation.safetensors");
    Weights weights = SafeTensors.read(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
    tensors.put("classifier.bias", tensor(DType.F32, 7));
    Path changed = folder.resolve("changed.safetensors");
    SafeTensors.write(changed, Weights.of(tensors, weights.metadata()));
    CommandLineRun run = run("convert", "--check", changed.toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("of the fixed signal was "), run.err());
  }

  @Test
  void aLayoutThatIsNoneIsAWrongCall() {
    CommandLineRun onnx = run("convert", "a.bin", "b", "--layout", "onnx");
    assertEquals(2, onnx.code());
    assertEquals(
        "diarist: --layout must be one of bundle, diarizers, pyannote, state-dict; got 'onnx'",
        onnx.err().lines().findFirst().orElseThrow());
    // No figures are stored there, and nothing is written here.
    assertEquals(2, run("convert", "a.bin", "b", "--check", "--layout", "diarizers").code());
    assertEquals(2, run("convert", "a.bin", "--check", "--precision", "f16").code());
  }

  @Test
  void aConversionThatFailsNamesItsSource() {
    String missing = folder.resolve("none.bin").toString();
    for (String target : List.of("x.safetensors", "x")) {
      assertEquals(
          "diarist: " + missing + ": no such file or folder\n",
          run("convert", missing, folder.resolve(target).toString()).err());
    }
  }

  @Test
  void aConversionWithoutTargetIsAWrongCall() {
    assertEquals(
        new CommandLineRun(
            2,
            "",
            """
            diarist: Missing required parameter: 'TARGET'
            Try 'diarist convert --help' for what is possible.
            """),
        run("convert", "a.bin"));
  }

  @Test
  void failuresOfTheFileSystemReadAsSentences() {
    assertEquals("a: no such file", Failure.sentence(new NoSuchFileException("a")));
    assertEquals("a: permission denied", Failure.sentence(new AccessDeniedException("a")));
    assertEquals(
        "a: Too many open files",
        Failure.sentence(new FileSystemException("a", null, "Too many open files")));
    assertEquals(
        "a: no such file",
        Failure.sentence(new UncheckedIOException(new NoSuchFileException("a"))));
  }

  @Test
  void aFailureIsGivenTheNameOfTheFileUnlessItHasOne() {
    Path file = Path.of("a");
    assertEquals("a: b c", Failure.sentence(file, new IOException("b\n  c")));
    assertEquals("a: all is lost", Failure.sentence(file, new IOException("all is lost")));
    assertEquals("a: b", Failure.sentence(file, new IOException("a: b")));
    assertEquals("a/x: b", Failure.sentence(file, new IOException("a/x: b")));
  }

  @Test
  void aFailureWithoutMessageIsADefect() {
    assertEquals(
        "internal error: java.io.IOException; run with --debug for the stack trace",
        Failure.sentence(new IOException()));
  }

  private String checkpoint() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("linear.bias", tensor(DType.F32, 3));
    tensors.put("lstm.weight_0", tensor(DType.F16, 2, 4));
    tensors.put("steps", tensor(DType.I64));
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, Weights.of(tensors, Map.of("source", "made up")));
    return file.toString();
  }

  private static Tensor tensor(DType type, long... shape) {
    long values = 1;
    for (long dimension : shape) {
      values *= dimension;
    }
    return new Tensor(type, shape, MemorySegment.ofArray(new byte[(int) values * type.bytes()]));
  }

  /** As {@link Main#main} runs it, except for the end of the process. */
  private static CommandLineRun run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out), new PrintWriter(err));
    return new CommandLineRun(code, out.toString(), err.toString());
  }
}
