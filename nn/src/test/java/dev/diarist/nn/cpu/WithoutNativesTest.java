package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs networks in JVMs that lack something. */
class WithoutNativesTest {

  /** What the other JVM does: both networks, on the backend that {@code auto} takes. */
  static final class Run {
    public static void main(String[] arguments) {
      Graph segmentation = Networks.segmentation(8000, 10, 13, true);
      Graph embedding = Networks.embedding(23, 13, 61, 3, 37);
      for (int i = 0; i < 2; i++) {
        report(segmentation, Networks.noise(8000, 1));
        report(embedding, Networks.noise(61 * 23, 2), Networks.masks(1, 3, 37, 3));
      }
    }

    private static void report(Graph graph, float[]... inputs) {
      try (Program program =
          Backends.choose(Backends.AUTO)
              .compile(graph, Networks.weights(graph, 11), new Execution(2, 1))) {
        System.out.println(
            program.getClass().getSimpleName() + " " + program.run(1, inputs).length);
      }
    }
  }

  private static final List<String> RESULTS =
      List.of("CpuProgram 91", "CpuProgram 72", "CpuProgram 91", "CpuProgram 72");

  private record Outcome(int exit, List<String> out, List<String> err) {}

  private static Outcome run(String classPath, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", classPath, Run.class.getName()));
    File err = File.createTempFile("diarist", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(err).start();
      List<String> out = lines(process.getInputStream().readAllBytes());
      return new Outcome(
          process.waitFor(), out, lines(java.nio.file.Files.readAllBytes(err.toPath())));
    } finally {
      err.delete();
    }
  }

  private static List<String> lines(byte[] bytes) throws IOException {
    return new String(bytes, StandardCharsets.UTF_8).lines().toList();
  }

  private static String classPath(String... without) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Arrays.stream(without).noneMatch(new File(entry).getName()::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void nothingOfNd4jIsInitialisedWhereItsNativeLibraryIsAbsent() throws Exception {
    String classPath = classPath("nd4j-native", "openblas", "javacpp");
    Outcome outcome =
        run(classPath, "--add-modules", Kernels.MODULE, "-Xlog:class+init=info:stdout");
    List<String> results =
        outcome.out().stream().filter(line -> line.startsWith("CpuProgram")).toList();
    assertEquals(RESULTS, results, outcome.err().toString());
    assertEquals(0, outcome.exit());
    List<String> initialised =
        outcome.out().stream().filter(line -> line.contains("org.nd4j")).toList();
    assertEquals(List.of(), initialised);
  }

  @Test
  void withoutTheVectorModuleItRunsAndSaysSoOnce() throws Exception {
    Outcome outcome = run(classPath());
    assertEquals(RESULTS, outcome.out(), outcome.err().toString());
    List<String> warnings =
        outcome.err().stream().filter(line -> line.contains("--add-modules")).toList();
    assertEquals(1, warnings.size(), outcome.err().toString());
    assertTrue(warnings.getFirst().contains(Kernels.MODULE));
  }
}
