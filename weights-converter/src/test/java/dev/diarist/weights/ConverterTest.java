package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConverterTest {
  private static final Weights SEGMENTATION = TinyModels.weights(TinyModels.pyanNet(2, true, 6, 3));
  private static final Weights EMBEDDING = TinyModels.weights(TinyModels.resNet(1, 2, 1, 1));

  @TempDir Path temp;
  private Path source;
  private Path target;

  @BeforeEach
  void folders() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    target = temp.resolve("bundle");
  }

  @Test
  void aPipelineFolderBecomesABundleAndABundleStaysItself() throws IOException {
    pipeline("seg.safetensors", "emb/model.bin", "seg.safetensors", "emb/model.bin");
    Conversion conversion = Converter.convert(source, target);
    assertEquals(
        List.of("config.yaml", "embedding.safetensors", "segmentation.safetensors"), files(target));
    assertEquals(
        new Conversion.Model(
            target.resolve("segmentation.safetensors"),
            "PyanNet",
            "seg.safetensors",
            Sha256.of(source.resolve("seg.safetensors")),
            SEGMENTATION.names().size(),
            530),
        conversion.models().getFirst());

    ModelFolder bundle = ModelFolder.open(target);
    assertSameTensors(SEGMENTATION, bundle.segmentation());
    assertSameTensors(EMBEDDING, bundle.embedding());
    assertEquals("segmentation.safetensors", bundle.config().segmentation());
    assertEquals(Map.of("clustering.threshold", 0.7), bundle.config().settings());
    assertEquals("PyanNet", bundle.segmentation().metadata().get("architecture"));
    assertEquals("model.bin", bundle.embedding().metadata().get("source"));

    Path again = temp.resolve("again");
    Converter.convert(target, again);
    for (String file : files(target)) {
      assertEquals(-1, Files.mismatch(target.resolve(file), again.resolve(file)), file);
    }
    Converter.convert(source, again); // an older bundle may be replaced
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "segmentation-3.0/pytorch_model.bin",
        "segmentation-3.0/model.safetensors",
        "segmentation/pytorch_model.bin",
        "segmentation/model.safetensors",
        "segmentation.safetensors",
        "pyannote/segmentation-3.0@main/pytorch_model.bin",
      })
  void aNameOfTheHubIsLookedForInTheFolder(String file) throws IOException {
    pipeline(file, "e.bin", "pyannote/segmentation-3.0@main", "e.bin");
    assertSameTensors(SEGMENTATION, ModelFolder.open(source).segmentation());
  }

  @Test
  void aMissingModelIsNamedWithWhatToDo() throws IOException {
    pipeline("other.bin", "e.bin", "pyannote/segmentation-3.0", "e.bin");
    assertEquals(
        "%s: the segmentation model 'pyannote/segmentation-3.0' is not in this folder; download its"
                .formatted(source)
            + " pytorch_model.bin and put it at "
            + source.resolve("segmentation").resolve("pytorch_model.bin"),
        assertThrows(WeightsException.class, () -> ModelFolder.open(source)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.bin",
        "a/../../outside.bin",
        "/etc/passwd",
        "..",
        "x@/..",
        "a\\b",
        "x\0y",
      })
  void noReferenceLeavesTheFolder(String reference) throws IOException {
    SafeTensors.write(temp.resolve("outside.bin"), SEGMENTATION);
    SafeTensors.write(temp.resolve("pytorch_model.bin"), SEGMENTATION);
    var error =
        assertThrows(
            WeightsException.class,
            () ->
                new ModelReference(source, "segmentation", reference, RepositorySource.NONE)
                    .file());
    assertEquals(
        "%s: the segmentation model must be a path inside this folder or a name on the hub, found"
                .formatted(source)
            + " '"
            + reference
            + "'",
        error.getMessage());
  }

  @Test
  void relativeFoldersWork() throws IOException {
    pipeline("s.bin", "e.bin", "s.bin", "e.bin");
    Path relative = Path.of("").toAbsolutePath().relativize(source.toAbsolutePath());
    assertSameTensors(SEGMENTATION, ModelFolder.open(relative).segmentation());
  }

  @Test
  void theModelsMustHaveTheirRoles() throws IOException {
    pipeline("s.bin", "e.bin", "e.bin", "e.bin");
    assertEquals(
        source.resolve("e.bin")
            + ": the segmentation model must be a PyanNet, found a WeSpeakerResNet34",
        assertThrows(WeightsException.class, () -> ModelFolder.open(source)).getMessage());
  }

  @Test
  void whatIsNoPipelineFolderIsNamed() throws IOException {
    assertEquals(
        target + ": a pipeline must be a folder with a config.yaml, found nothing",
        assertThrows(WeightsException.class, () -> ModelFolder.open(target)).getMessage());
    Path file = Files.createFile(temp.resolve("file"));
    assertEquals(
        file + ": a pipeline must be a folder with a config.yaml, found a file",
        assertThrows(WeightsException.class, () -> ModelFolder.open(file)).getMessage());
    assertEquals(
        source.resolve("config.yaml") + ": the file is missing",
        assertThrows(WeightsException.class, () -> ModelFolder.open(source)).getMessage());
  }

  @Test
  void otherFoldersAndFilesAreNotOverwritten() throws IOException {
    pipeline("s.bin", "e.bin", "s.bin", "e.bin");
    Path photos = Files.createDirectory(temp.resolve("photos"));
    Files.createFile(photos.resolve("holiday.jpg"));
    assertEquals(
        photos + ": must be a new folder, an empty one or a bundle; it holds other files",
        assertThrows(WeightsException.class, () -> Converter.convert(source, photos)).getMessage());
    assertEquals(List.of("holiday.jpg"), files(photos));
    Path file = photos.resolve("holiday.jpg");
    assertEquals(
        file + ": a bundle is a folder, a file is there",
        assertThrows(WeightsException.class, () -> Converter.convert(source, file)).getMessage());
    Path single = Files.writeString(temp.resolve("x.safetensors"), "not one");
    assertEquals(
        single + ": something else than a safetensors file is there",
        assertThrows(
                WeightsException.class, () -> Converter.convert(source.resolve("s.bin"), single))
            .getMessage());
  }

  @Test
  void aSingleCheckpointBecomesASingleFile() throws IOException {
    pipeline("s.bin", "e.bin", "s.bin", "e.bin");
    Path file = temp.resolve("single.safetensors");
    Converter.convert(source.resolve("e.bin"), file);
    Converter.convert(source.resolve("e.bin"), file);
    Weights converted = SafeTensors.read(file);
    assertSameTensors(EMBEDDING, converted);
    assertEquals("WeSpeakerResNet12", converted.metadata().get("architecture"));
    assertEquals("e.bin", converted.metadata().get("source"));
    Path nowhere = temp.resolve("none/single.safetensors");
    assertEquals(
        nowhere + ": its folder does not exist",
        assertThrows(
                WeightsException.class, () -> Converter.convert(source.resolve("e.bin"), nowhere))
            .getMessage());
    Path folder = temp.resolve("folder");
    assertEquals(
        folder + ": a single checkpoint is written to a file that ends in .safetensors",
        assertThrows(
                WeightsException.class, () -> Converter.convert(source.resolve("e.bin"), folder))
            .getMessage());
  }

  @Test
  void anIncompleteCheckpointIsNotConverted() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(TinyModels.resNet(1, 1, 1, 1));
    tensors.remove("resnet.seg_1.bias");
    Path broken = temp.resolve("broken.bin");
    SafeTensors.write(broken, TinyModels.weights(tensors));
    Path file = temp.resolve("single.safetensors");
    assertEquals(
        broken + ": WeSpeakerResNet34: tensor 'resnet.seg_1.bias' is missing",
        assertThrows(WeightsException.class, () -> Converter.convert(broken, file)).getMessage());
    assertFalse(Files.exists(file));
  }

  static void assertSameTensors(Weights expected, Weights found) {
    assertEquals(List.copyOf(expected.names()), List.copyOf(found.names()));
    for (String name : expected.names()) {
      Tensor tensor = expected.tensor(name);
      assertEquals(tensor.type(), found.tensor(name).type(), name);
      assertArrayEquals(expected.shape(name), found.shape(name), name);
      assertEquals(-1, tensor.bytes().mismatch(found.tensor(name).bytes()), name);
    }
  }

  private void pipeline(
      String segmentationFile, String embeddingFile, String segmentation, String embedding)
      throws IOException {
    for (String file : List.of(segmentationFile, embeddingFile)) {
      Files.createDirectories(source.resolve(file).getParent());
    }
    SafeTensors.write(source.resolve(segmentationFile), SEGMENTATION);
    SafeTensors.write(source.resolve(embeddingFile), EMBEDDING);
    new PipelineConfig(segmentation, embedding, Map.of("clustering.threshold", 0.7))
        .write(source.resolve("config.yaml"));
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
