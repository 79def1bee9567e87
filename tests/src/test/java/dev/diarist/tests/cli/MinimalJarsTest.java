package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application must carry that diarizes on the cpu backend: no jar of ND4J. */
class MinimalJarsTest {
  private static final Path GOLDEN = Launched.ROOT.resolve("tests/shared/golden");
  private static final List<String> NEEDED =
      List.of(
          "commons-math3",
          "diarist-nn",
          "diarist-weights-converter",
          "jackson-annotations",
          "jackson-core",
          "jackson-databind",
          "jackson-dataformat-yaml",
          "picocli",
          "snakeyaml");

  /** With picocli, which only the command line needs. */
  private static final long MAX_BYTES = 8_000_000;

  @TempDir private Path folder;

  @Test
  void aRecordingIsDiarizedWithoutAnyJarOfNd4j() throws Exception {
    Launched.of("--version"); // builds what is stale
    List<Path> jars = jars();
    long bytes = 0;
    for (Path jar : jars) {
      bytes += Files.size(jar);
    }
    long total = bytes;
    assertTrue(total <= MAX_BYTES, () -> total + " bytes of jars");

    List<String> names = new ArrayList<>();
    for (Path jar : jars) {
      names.add(jar.toString());
    }
    Launched launched =
        Launched.of(
            Path.of(ProcessHandle.current().info().command().orElseThrow()),
            folder,
            Map.of(),
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            String.join(System.getProperty("path.separator"), names),
            "dev.diarist.cli.Main",
            GOLDEN.resolve("audio/dialogue-synthetic.wav").toString(),
            "--model",
            GOLDEN.resolve("models/small").toString());
    Path rttm = GOLDEN.resolve("runs/small/dialogue-synthetic/output.rttm");
    assertEquals(new Launched(0, Files.readString(rttm), ""), launched);
  }

  static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    Path target = Launched.ROOT.resolve("pipeline/target");
    try (Stream<Path> own = Files.list(target);
        Stream<Path> others = Files.list(target.resolve("lib"))) {
      own.filter(
              jar -> jar.getFileName().toString().matches("diarist-pipeline-[^-]+(-SNAPSHOT)?.jar"))
          .forEach(jars::add);
      others.filter(jar -> NEEDED.stream().anyMatch(name -> isJarOf(name, jar))).forEach(jars::add);
    }
    assertEquals(NEEDED.size() + 1, jars.size(), jars::toString);
    return jars;
  }

  private static boolean isJarOf(String name, Path jar) {
    return jar.getFileName().toString().matches(name + "-[0-9].*\\.jar");
  }
}
