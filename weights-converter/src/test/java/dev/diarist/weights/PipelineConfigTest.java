package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineConfigTest {
  private static final String USUAL =
      """
      version: 3.1.0
      pipeline:
        name: pyannote.audio.pipelines.SpeakerDiarization
        params:
          clustering: AgglomerativeClustering
          embedding: pyannote/wespeaker-voxceleb-resnet34-LM
          embedding_batch_size: 32
          embedding_exclude_overlap: true
          segmentation: pyannote/segmentation-3.0
          segmentation_batch_size: 32
      params:
        clustering:
          method: centroid
          min_cluster_size: 12
          threshold: 0.7045654963945799
        segmentation:
          min_duration_off: 0.0
      """;

  @TempDir Path folder;

  @Test
  void theUsualConfigurationBecomesFlatSettings() throws IOException {
    PipelineConfig config = read(USUAL);
    assertEquals("pyannote/segmentation-3.0", config.segmentation());
    assertEquals("pyannote/wespeaker-voxceleb-resnet34-LM", config.embedding());
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("clustering", "AgglomerativeClustering");
    expected.put("embedding_batch_size", 32L);
    expected.put("embedding_exclude_overlap", true);
    expected.put("segmentation_batch_size", 32L);
    expected.put("clustering.method", "centroid");
    expected.put("clustering.min_cluster_size", 12L);
    expected.put("clustering.threshold", 0.7045654963945799);
    expected.put("segmentation.min_duration_off", 0.0);
    assertEquals(expected, config.settings());
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(config.settings().keySet()));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("clustering", "AgglomerativeClustering");
    settings.put("odd", "12");
    settings.put("odder", "true: # {no}");
    settings.put("nothing", null);
    settings.put("clustering.threshold", 0.1 + 0.2);
    settings.put("clustering.min_cluster_size", 12L);
    settings.put("segmentation.min_duration_off", 1e-7);
    PipelineConfig config =
        new PipelineConfig("segmentation.safetensors", "embedding.safetensors", settings);
    Path file = folder.resolve("written.yaml");
    config.write(file);
    assertEquals(config, PipelineConfig.read(file));
    assertTrue(
        Files.readString(file)
            .startsWith(
                """
                version: 3.1.0
                pipeline:
                  name: pyannote.audio.pipelines.SpeakerDiarization
                  params:
                    segmentation: segmentation.safetensors
                    embedding: embedding.safetensors
                    clustering: AgglomerativeClustering
                """),
        Files.readString(file));
  }

  @Test
  void frozenSettingsCountAndPreprocessorsAreLeftAlone() throws IOException {
    PipelineConfig config =
        read(
            USUAL.replace("    min_duration_off: 0.0\n", "    other: null\n")
                + "freeze:\n  segmentation:\n    min_duration_off: 0.5\n"
                + "preprocessors:\n  audio:\n    name: os.system\n"
                + "device: cuda\n");
    assertEquals(0.5, config.settings().get("segmentation.min_duration_off"));
    assertTrue(config.settings().containsKey("segmentation.other"));
    assertNull(config.settings().get("segmentation.other"));
    assertEquals(9, config.settings().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "pyannote.audio.pipelines.SpeakerDiarization|os.system|pipeline.name must be"
            + " pyannote.audio.pipelines.SpeakerDiarization, found 'os.system'",
        "name: pyannote|names: pyannote|unknown field pipeline.names",
        "version|versio|unknown field versio",
        "    segmentation: pyannote/segmentation-3.0|    segmentations:"
            + " x|pipeline.params.segmentation must be text, found nothing",
        "pyannote/segmentation-3.0|3|pipeline.params.segmentation must be text, found the number 3",
        "pyannote/segmentation-3.0|'\"\"'|pipeline.params.segmentation must be text, found empty"
            + " text",
        "pyannote/segmentation-3.0|{checkpoint: x}|pipeline.params.segmentation must be text, found"
            + " a mapping",
        "embedding_batch_size: 32|embedding_batch_size: [1]|pipeline.params.embedding_batch_size"
            + " must be a boolean, a number or text, found a list",
        "embedding_batch_size: 32|a.b: 1|the name of pipeline.params.a.b must not be empty or hold"
            + " a dot",
        "method: centroid|method: {a: 1}|params.clustering.method must be a boolean, a number or"
            + " text, found a mapping",
        "threshold: 0.7045654963945799|threshold: 99999999999999999999|params.clustering.threshold"
            + " must be a boolean, a number or text, found the number 99999999999999999999",
        "'  segmentation:\n"
            + "    min'|'  segmentation: 1\n"
            + "  more:\n"
            + "    min'|params.segmentation must be a mapping, found the number 1",
        "'\nparams:'|'\nfreeze:'|params must be a mapping, found nothing",
      })
  void wrongFieldsAreNamed(String old, String changed, String reason) {
    assertTrue(USUAL.contains(old), old);
    assertReason(reason, USUAL.replace(old, changed));
  }

  @Test
  void aSettingMustNotBeBothFrozenAndFree() {
    assertReason(
        "freeze.clustering.threshold is set twice, in params and in freeze",
        USUAL + "freeze:\n  clustering:\n    threshold: 1.0\n");
  }

  @Test
  void onlyPlainYamlIsRead() {
    assertReason("the configuration must be a mapping, found nothing", "");
    assertReason("the configuration must be a mapping, found a list", "[1]");
    assertReason(
        "line 1: must be plain YAML without aliases and tags, found an alias", "{a: &x 1, b: *x}");
    assertReason(
        "line 1: must be plain YAML without aliases and tags, found a tag",
        "a: !!python/object:os.system 1");
    assertReasonStarts("not readable as YAML: Duplicate", USUAL + "version: 3.1.1\n");
    assertReasonStarts("not readable as YAML: ", "a: [1");
    assertReasonStarts("not readable as YAML: ", "[".repeat(30) + "]".repeat(30));
    assertReasonStarts("not readable as YAML: Trailing token", USUAL + "---\na: 1\n");
    assertReason("must have at most 100000 bytes, has 100001", "a: " + "x".repeat(100_001 - 3));
  }

  @Test
  void brokenTextAndMissingFilesAreNamed() throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
    assertEquals(
        file + ": not valid UTF-8",
        assertThrows(WeightsException.class, () -> PipelineConfig.read(file)).getMessage());
    Path missing = folder.resolve("missing.yaml");
    assertEquals(
        missing + ": the file is missing",
        assertThrows(WeightsException.class, () -> PipelineConfig.read(missing)).getMessage());
  }

  private PipelineConfig read(String yaml) throws IOException {
    return PipelineConfig.read(Files.writeString(folder.resolve("config.yaml"), yaml));
  }

  private void assertReason(String reason, String yaml) {
    var error = assertThrows(WeightsException.class, () -> read(yaml));
    assertEquals(folder.resolve("config.yaml") + ": " + reason, error.getMessage());
  }

  private void assertReasonStarts(String reason, String yaml) {
    var error = assertThrows(WeightsException.class, () -> read(yaml));
    assertTrue(
        error.getMessage().startsWith(folder.resolve("config.yaml") + ": " + reason),
        error.getMessage());
  }
}
