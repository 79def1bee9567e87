package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for pyannote.audio, read back here; {@link PythonTest} lets pyannote read it. */
class PyannoteFolderTest {
  private static final Path SMALL =
      Path.of(System.getProperty("diarist.root", ".."), "tests/shared/golden/models/small");
  private static final List<String> DESCRIPTION =
      List.of("architecture", "hyper_parameters", "specifications");

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aBundleBecomesThePipelineThatItWasMadeFrom(Precision precision) throws IOException {
    Path bundle = temp.resolve("bundle");
    convert(SMALL, bundle, Layout.BUNDLE, precision);
    Path folder = temp.resolve("pyannote");
    convert(bundle, folder, Layout.PYANNOTE, Precision.AS_STORED);

    ModelFolder expected = ModelFolder.open(bundle);
    ModelFolder found = ModelFolder.open(folder);
    ConverterTest.assertSameTensors(expected.segmentation(), found.segmentation());
    ConverterTest.assertSameTensors(expected.embedding(), found.embedding());
    Weights original = ModelFolder.open(SMALL).segmentation();
    for (String key : DESCRIPTION) {
      assertEquals(original.metadata().get(key), found.segmentation().metadata().get(key), key);
    }
    assertEquals(expected.config().settings(), found.config().settings());
    assertEquals("segmentation/pytorch_model.bin", found.config().segmentation());
    assertEquals("embedding/pytorch_model.bin", found.config().embedding());
    DType type = precision == Precision.F16 ? DType.F16 : DType.F32;
    assertEquals(type, found.segmentation().tensor("lstm.weight_ih_l0").type());
  }

  @Test
  void theSameWeightsGiveTheSameBytesInEveryTimeZone() throws IOException {
    Path model = SMALL.resolve("segmentation/pytorch_model.bin");
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
      convert(model, temp.resolve("one"), Layout.PYANNOTE, Precision.AS_STORED);
      TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
      convert(model, temp.resolve("two"), Layout.PYANNOTE, Precision.AS_STORED);
    } finally {
      TimeZone.setDefault(zone);
    }
    Path again = temp.resolve("two/pytorch_model.bin");
    assertEquals(-1, Files.mismatch(temp.resolve("one/pytorch_model.bin"), again));
    convert(temp.resolve("one"), temp.resolve("two"), Layout.PYANNOTE, Precision.AS_STORED);
    assertEquals(-1, Files.mismatch(temp.resolve("one/pytorch_model.bin"), again));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sizesThatTheSourceDoesNotStateComeFromItsTensors(boolean bidirectional) throws IOException {
    Weights weights = TinyModels.weights(TinyModels.pyanNet(2, bidirectional, 6, 6));
    Network network = converted(weights);
    assertEquals(
        "{\"sample_rate\":16000,\"num_channels\":1,\"sincnet\":{\"stride\":10},"
            + "\"lstm\":{\"hidden_size\":2,\"num_layers\":2,\"bidirectional\":"
            + bidirectional
            + ",\"monolithic\":true},\"linear\":{\"hidden_size\":6,\"num_layers\":2}}",
        network.weights().metadata().get("hyper_parameters"));
    assertEquals(
        "{\"problem\":\"MONO_LABEL_CLASSIFICATION\",\"resolution\":\"FRAME\",\"duration\":10.0,"
            + "\"min_duration\":null,\"warm_up\":[0.0,0.0],\"classes\":[\"speaker#1\","
            + "\"speaker#2\",\"speaker#3\"],\"powerset_max_classes\":2,"
            + "\"permutation_invariant\":true}",
        network.weights().metadata().get("specifications"));
  }

  @Test
  void whatTheSourceStatesStaysAndIsCompleted() throws IOException {
    Map<String, String> metadata =
        Map.of("hyper_parameters", "{\"sincnet\":{\"stride\":7},\"lstm\":{\"dropout\":0.5}}");
    Weights weights = Weights.of(TinyModels.pyanNet(1, true), metadata);
    assertEquals(
        "{\"sincnet\":{\"stride\":7},\"lstm\":{\"dropout\":0.5,\"hidden_size\":2,\"num_layers\":1,"
            + "\"bidirectional\":true,\"monolithic\":true},\"sample_rate\":16000,"
            + "\"num_channels\":1,\"linear\":{\"num_layers\":0}}",
        converted(weights).weights().metadata().get("hyper_parameters"));
  }

  @Test
  void sizesForWhichPyannoteHasNoNetworkAreNamed() throws IOException {
    Path file = temp.resolve("pyannote/pytorch_model.bin");
    String none = file + ": pyannote.audio itself has no ";
    assertEquals(
        List.of(
            none + "PyanNet with 4 sinc filters of 7 samples, and will not load it",
            none + "PyanNet with a convolution of 3 channels and kernel 5, and will not load it",
            none + "PyanNet with a convolution of 5 channels and kernel 5, and will not load it",
            none + "PyanNet with linear layers of several sizes [6, 3], and will not load it"),
        warnings(TinyModels.pyanNet(2, true, 6, 3)));
    String ofEmbedding = none + "WeSpeakerResNet12 with ";
    assertEquals(
        List.of(
            ofEmbedding + "blocks [1, 2, 1, 1], and will not load it",
            ofEmbedding + "2 channels, and will not load it",
            ofEmbedding + "embeddings of size 3, and will not load it"),
        warnings(TinyModels.resNet(1, 2, 1, 1)));
  }

  @Test
  void metadataThatIsNoneIsRefusedAndNothingIsWritten() throws IOException {
    Weights odd =
        Weights.of(
            TinyModels.resNet(1, 1, 1, 1), Map.of("specifications", "{\"problem\":\"GUESS\"}"));
    WeightsException error = assertThrows(WeightsException.class, () -> converted(odd));
    assertEquals(
        temp.resolve("pyannote/pytorch_model.bin")
            + ": cannot be described: pyannote.audio.core.task.Problem must be one of"
            + " [BINARY_CLASSIFICATION, MONO_LABEL_CLASSIFICATION, MULTI_LABEL_CLASSIFICATION,"
            + " REPRESENTATION, REGRESSION], found GUESS",
        error.getMessage());
    assertFalse(Files.exists(temp.resolve("pyannote/pytorch_model.bin")));
  }

  @Test
  void otherFilesAreNotOverwritten() throws IOException {
    Path photos = Files.createDirectory(temp.resolve("photos"));
    Files.createFile(photos.resolve("holiday.jpg"));
    assertEquals(
        photos
            + ": must be a new folder, an empty one or a pipeline of pyannote; it holds other"
            + " files",
        assertThrows(
                WeightsException.class,
                () -> convert(SMALL, photos, Layout.PYANNOTE, Precision.AS_STORED))
            .getMessage());
  }

  private List<String> warnings(Map<String, Tensor> tensors) throws IOException {
    Path source = temp.resolve("source.safetensors");
    SafeTensors.write(source, TinyModels.weights(tensors));
    Path target = Files.createDirectories(temp.resolve("pyannote"));
    return convert(source, target, Layout.PYANNOTE, Precision.AS_STORED).warnings();
  }

  private Network converted(Weights weights) throws IOException {
    Path source = temp.resolve("source.safetensors");
    SafeTensors.write(source, weights);
    convert(source, temp.resolve("pyannote"), Layout.PYANNOTE, Precision.AS_STORED);
    Network found = Network.read(temp.resolve("pyannote"));
    ConverterTest.assertSameTensors(weights, found.weights());
    return found;
  }

  static Conversion convert(Path source, Path target, Layout layout, Precision precision)
      throws IOException {
    return Converter.convert(
        source, target, new ConversionOptions(layout, precision, false, RepositorySource.NONE));
  }
}
