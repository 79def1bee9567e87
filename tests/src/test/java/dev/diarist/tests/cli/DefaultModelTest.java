package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.WavWriter;
import dev.diarist.weights.ConversionOptions;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import dev.diarist.weights.Converter;
import dev.diarist.weights.RepositorySource;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that name no model, with the small one in place of the jar that comes with Diarist. */
class DefaultModelTest {
  private static final Path GOLDEN = Launched.ROOT.resolve("tests/shared/golden");
  private static final int SECONDS = 12;

  @TempDir private static Path folder;
  private static String recording;
  private static Path bundle;
  private static Path jar;

  @BeforeAll
  static void cutRecording() throws Exception {
    Path file = folder.resolve("short.wav");
    float[] samples = new float[SECONDS * AudioSource.SAMPLE_RATE];
    try (AudioSource source = AudioFiles.open(GOLDEN.resolve("audio/dialogue-synthetic.wav"));
        OutputStream out = Files.newOutputStream(file)) {
      source.read(0, samples.length, samples, 0);
      WavWriter.write(samples, AudioSource.SAMPLE_RATE, out);
    }
    recording = file.toString();
  }

  @BeforeAll
  static void makeJar() throws Exception {
    Launched.of("--version"); // builds what is stale
    bundle = folder.resolve("bundle");
    Converter.convert(
        GOLDEN.resolve("models/small"),
        bundle,
        new ConversionOptions(Layout.BUNDLE, Precision.F16, false, RepositorySource.NONE));
    jar = folder.resolve("model.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.list(bundle)) {
      for (Path part : files.sorted().toList()) {
        out.putNextEntry(new JarEntry("dev/diarist/model/" + part.getFileName()));
        Files.copy(part, out);
        out.closeEntry();
      }
    }
  }

  /** Runs the command line on the project's jars but that of the default model, and on others. */
  private Launched run(List<Path> more, String... arguments) throws Exception {
    Path target = Launched.ROOT.resolve("pipeline/target");
    List<String> classPath = new ArrayList<>();
    try (Stream<Path> own = Files.list(target);
        Stream<Path> others = Files.list(target.resolve("lib"))) {
      Stream.concat(own, others)
          .map(Path::toString)
          .filter(name -> name.endsWith(".jar") && !name.contains("diarist-default-model"))
          .forEach(classPath::add);
    }
    more.forEach(path -> classPath.add(path.toString()));
    List<String> command =
        new ArrayList<>(
            List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(System.getProperty("path.separator"), classPath),
                "dev.diarist.cli.Main"));
    command.addAll(List.of(arguments));
    return Launched.of(
        Path.of(ProcessHandle.current().info().command().orElseThrow()),
        folder,
        Map.of(),
        command.toArray(String[]::new));
  }

  @Test
  void theModelInTheJarGivesTheAnswerOfItsFolder() throws Exception {
    Launched named = run(List.of(), recording, "--model", bundle.toString());
    assertEquals(0, named.code(), named.err());
    assertTrue(named.out().startsWith("SPEAKER short 1 "), named.out());
    assertEquals(named, run(List.of(jar), recording));
  }

  @Test
  void theModelInTheJarCanBeTakenOut() throws Exception {
    Path written = folder.resolve("written");
    Launched launched = run(List.of(jar), "convert", "default", written.toString());
    assertEquals(0, launched.code(), launched.err());
    assertEquals(-1, Files.mismatch(bundle.resolve("config.yaml"), written.resolve("config.yaml")));
    Path weights = Path.of("segmentation.safetensors");
    assertTrue(Files.size(written.resolve(weights)) >= Files.size(bundle.resolve(weights)));
  }

  @Test
  void withoutTheJarASentenceSaysWhatIsMissing() throws Exception {
    Launched launched = run(List.of(), recording);
    assertEquals(2, launched.code());
    assertEquals(
        "diarist: a model is needed: name one with --model; the default one is not on the class"
            + " path",
        launched.err().lines().findFirst().orElse(""));
    assertEquals(1, run(List.of(), "convert", "default", "x").code());
  }
}
