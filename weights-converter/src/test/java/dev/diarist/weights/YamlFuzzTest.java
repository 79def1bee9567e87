package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFuzzTest {
  private static final String USUAL =
      """
      version: 3.1.0
      pipeline:
        name: pyannote.audio.pipelines.SpeakerDiarization
        params:
          embedding: $model/embedding
          segmentation: pyannote/segmentation-3.0@main
          plda: $model/plda
      params:
        clustering:
          threshold: 0.7
      """;

  @TempDir Path folder;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyConfigurationIsReadOrRefused(byte[] content) throws IOException {
    ReadingBounds.checkFile(content, PipelineConfig::read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
        "a: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://localhost']]\n",
        "!!python/object/apply:os.system ['id']\n",
        "pipeline:\n  name: os.system\n  params: {segmentation: a, embedding: b}\nparams: {}\n",
        "<<: {a: 1}\n",
      })
  void everyKnownAttackIsRefused(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
    assertThrows(WeightsException.class, () -> PipelineConfig.read(file));
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            USUAL,
            "a: &a [x,x]\nb: [*a,*a]\n",
            "[".repeat(10_000),
            "- ".repeat(10_000),
            "? ".repeat(10_000),
            "{a: ".repeat(10_000),
            "a: " + "9".repeat(90_000))
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
  }
}
