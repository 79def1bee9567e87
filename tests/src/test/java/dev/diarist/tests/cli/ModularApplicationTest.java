package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module and requires {@code dev.diarist}. */
class ModularApplicationTest {
  private static final Path GOLDEN = Launched.ROOT.resolve("tests/shared/golden");
  private static final String DESCRIPTOR =
      """
      module application {
        requires dev.diarist;
      }
      """;
  private static final String MAIN =
      """
      package application;

      import dev.diarist.*;
      import dev.diarist.annotation.OutputFormat;
      import java.nio.file.Path;

      class Main {
        public static void main(String[] args) throws Exception {
          try (Diarizer diarizer =
              Diarizer.open(Path.of(args[1]), options -> options.withBackend(args[2]))) {
            OutputFormat.RTTM.write(diarizer.diarize(Path.of(args[0])), System.out);
          }
        }
      }
      """;

  @TempDir private Path folder;
  private Path application;
  private String modulePath;

  @BeforeEach
  void compile() throws Exception {
    Launched.of("--version"); // builds what is stale
    modulePath =
        joined(
            MinimalJarsTest.jars().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("picocli")));
    Path descriptor = Files.writeString(folder.resolve("module-info.java"), DESCRIPTOR);
    Path main = Files.writeString(folder.resolve("Main.java"), MAIN);
    application = folder.resolve("application");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-p",
                modulePath,
                "-d",
                application.toString(),
                descriptor.toString(),
                main.toString());
    assertEquals(0, code);
  }

  @Test
  void aModularApplicationDiarizesWithoutAnyFlag() throws Exception {
    assertDiarizes("cpu", List.of());
  }

  @Test
  void nd4jIsTakenFromTheClassPath() throws Exception {
    Path lib = Launched.ROOT.resolve("pipeline/target/lib");
    try (Stream<Path> jars = Files.list(lib)) {
      String rest = joined(jars.filter(jar -> !modulePath.contains(jar.toString())));
      assertDiarizes(
          "nd4j",
          List.of(
              "-cp",
              rest,
              "--add-modules",
              "jdk.unsupported",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));
    }
  }

  private void assertDiarizes(String backend, List<String> flags) throws Exception {
    List<String> arguments = new ArrayList<>(flags);
    arguments.addAll(
        List.of(
            "-p",
            modulePath + File.pathSeparator + application,
            "-m",
            "application/application.Main",
            GOLDEN.resolve("audio/dialogue-synthetic.wav").toString(),
            GOLDEN.resolve("models/small").toString(),
            backend));
    Launched launched =
        Launched.of(
            Path.of(ProcessHandle.current().info().command().orElseThrow()),
            folder,
            Map.of(),
            arguments.toArray(String[]::new));
    assertEquals(0, launched.code(), launched.err());
    assertEquals(
        Files.readString(GOLDEN.resolve("runs/small/dialogue-synthetic/output.rttm")),
        launched.out());
  }

  private static String joined(Stream<Path> paths) {
    return paths.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
