package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.weights.DType;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch and pyannote.audio wrote themselves. */
class GoldenModelsTest {
  private static final Path CHECKPOINT =
      Path.of("data/torch-checkpoints/saved_model.bilstm.mean.clean100.gpu100000.pt");

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "small, 2, 48, 38",
    "full, 4, 128, 54",
  })
  void aPipelineFolderOpensWithItsMetadata(String size, int layers, int width, int tensors)
      throws IOException {
    Path folder = SharedData.path("golden/models/" + size);
    ModelFolder models = ModelFolder.open(folder);
    assertEquals("segmentation/pytorch_model.bin", models.config().segmentation());
    assertEquals("embedding/pytorch_model.bin", models.config().embedding());
    assertEquals(0.7045654963945799, models.config().settings().get("clustering.threshold"));
    assertEquals(8, models.config().settings().size());

    Weights segmentation = models.segmentation();
    assertEquals(tensors, segmentation.names().size());
    assertEquals(width, segmentation.shape("lstm.weight_hh_l0")[1]);
    Map<String, String> metadata = segmentation.metadata();
    assertEquals("PyanNet", metadata.get("architecture"));
    assertTrue(metadata.get("hyper_parameters").contains("\"num_layers\":" + layers));
    assertEquals(
        "{\"problem\":\"MONO_LABEL_CLASSIFICATION\",\"resolution\":\"FRAME\",\"duration\":10.0,"
            + "\"min_duration\":null,\"warm_up\":[0.0,0.0],"
            + "\"classes\":[\"speaker#1\",\"speaker#2\",\"speaker#3\"],"
            + "\"powerset_max_classes\":2,\"permutation_invariant\":true}",
        metadata.get("specifications"));
    assertEquals("pytorch_model.bin", metadata.get("source"));
    assertEquals(
        Sha256.of(folder.resolve("segmentation/pytorch_model.bin")), metadata.get("sha256"));

    Weights embedding = models.embedding();
    assertEquals(218, embedding.names().size());
    assertEquals(256, embedding.shape("resnet.seg_1.bias")[0]);
    assertArrayEquals(new long[0], embedding.shape("resnet.bn1.num_batches_tracked"));
    assertEquals("WeSpeakerResNet34", embedding.metadata().get("architecture"));
    assertTrue(embedding.metadata().get("hyper_parameters").contains("\"num_mel_bins\":80"));
    assertTrue(embedding.metadata().get("specifications").contains("\"resolution\":\"CHUNK\""));
  }

  @Test
  void theCheckpointHoldsTheBitsThatOtherToolsWrote() throws IOException {
    Weights checkpoint =
        Checkpoint.read(SharedData.path("golden/models/full/segmentation/pytorch_model.bin"));
    Weights reference =
        SafeTensors.read(SharedData.path("data/segmentation-3.0-reconstructed/model.safetensors"));
    Weights prefixed =
        SafeTensors.read(SharedData.path("golden/models/diarizers-segmentation/model.safetensors"));
    assertEquals(54, checkpoint.names().size());
    for (String name : checkpoint.names()) {
      assertEquals(
          -1,
          checkpoint.tensor(name).bytes().mismatch(prefixed.tensor("model." + name).bytes()),
          name);
      assertArrayEquals(reference.shape(name), checkpoint.shape(name), name);
      assertEquals(
          -1, checkpoint.tensor(name).bytes().mismatch(reference.tensor(name).bytes()), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "full"})
  void conversionKeepsEveryBitAndEverySetting(String size) throws IOException {
    Path folder = SharedData.path("golden/models/" + size);
    ModelFolder before = ModelFolder.open(folder);
    Converter.convert(folder, temp.resolve("bundle"));
    ModelFolder after = ModelFolder.open(temp.resolve("bundle"));
    ConverterTest.assertSameTensors(before.segmentation(), after.segmentation());
    ConverterTest.assertSameTensors(before.embedding(), after.embedding());
    assertEquals(
        new TreeMap<>(before.segmentation().metadata()),
        new TreeMap<>(after.segmentation().metadata()));
    assertEquals(before.config().settings(), after.config().settings());
  }

  @Test
  void aDiarizersRepositoryIsTheSameNetworkWithItsSpecifications() throws IOException {
    Network network = Network.read(SharedData.path("golden/models/diarizers-segmentation"));
    Weights golden =
        Checkpoint.read(SharedData.path("golden/models/full/segmentation/pytorch_model.bin"));
    assertEquals(golden.names(), network.weights().names());
    for (String name : golden.names()) {
      Tensor tensor = network.weights().tensor(name);
      assertEquals(-1, golden.tensor(name).bytes().mismatch(tensor.bytes()), name);
    }
    assertEquals(
        golden.metadata().get("specifications"),
        network.weights().metadata().get("specifications"));
    assertEquals(List.of(), network.warnings());
  }

  @Test
  void theQuantisedExportHoldsTheReconstructedWeights() throws IOException {
    Path folder = SharedData.path("data/segmentation-3.0-reconstructed");
    Weights expected = SafeTensors.read(folder.resolve("model.safetensors"));
    Network network = Network.read(folder.resolve("model.int8.repaired.onnx"));
    assertEquals(expected.names().size(), network.weights().names().size());
    for (String name : expected.names()) {
      float[] values = network.weights().floats(name);
      // The angles were computed anew for the reconstruction, in another order of rounding.
      float tolerance = name.endsWith("n_") ? 4e-9f : 0;
      assertArrayEquals(expected.floats(name), values, tolerance, name);
    }
    assertTrue(network.weights().metadata().get("hyper_parameters").contains("\"stride\":10"));
    assertTrue(network.weights().metadata().get("specifications").contains("speaker#3"));
  }

  @Test
  void thePldaOfCommunity1IsReadInDoubleAndSingle() throws IOException {
    Weights transform =
        Checkpoint.read(SharedData.path("data/community-1-plda/xvec_transform.npz"));
    assertArrayEquals(new long[] {256, 128}, transform.shape("lda"));
    assertEquals(DType.F64, transform.tensor("mean1").type());
    Weights plda = Checkpoint.read(SharedData.path("data/community-1-plda/plda.npz"));
    assertEquals(Set.of("mu", "tr", "psi"), plda.names());
  }

  @Test
  void aPipelineOf4xBecomesABundleWithItsPlda() throws IOException {
    Path models = SharedData.path("golden/models/small");
    Path plda = SharedData.path("data/community-1-plda");
    Path pipeline = Files.createDirectories(temp.resolve("community-1"));
    for (String role : List.of("segmentation", "embedding")) {
      Files.createDirectories(pipeline.resolve(role));
      String file = role + "/pytorch_model.bin";
      Files.copy(models.resolve(file), pipeline.resolve(file));
    }
    Files.createDirectories(pipeline.resolve("plda"));
    for (String file : List.of("plda.npz", "xvec_transform.npz")) {
      Files.copy(plda.resolve(file), pipeline.resolve("plda").resolve(file));
    }
    Files.writeString(
        pipeline.resolve("config.yaml"),
        """
        dependencies:
          pyannote.audio: 4.0.0
        pipeline:
          name: pyannote.audio.pipelines.SpeakerDiarization
          params:
            clustering: VBxClustering
            segmentation: $model/segmentation
            segmentation_batch_size: 32
            embedding: $model/embedding
            embedding_batch_size: 32
            embedding_exclude_overlap: true
            plda: $model/plda
        params:
          clustering:
            threshold: 0.6
            Fa: 0.07
            Fb: 0.8
          segmentation:
            min_duration_off: 0.0
        """);
    Converter.convert(pipeline, temp.resolve("bundle"));
    ModelFolder before = ModelFolder.open(pipeline);
    ModelFolder after = ModelFolder.open(temp.resolve("bundle"));
    ConverterTest.assertSameTensors(before.plda().orElseThrow(), after.plda().orElseThrow());
    ConverterTest.assertSameTensors(before.segmentation(), after.segmentation());
    assertEquals(before.config().settings(), after.config().settings());
    assertEquals(0.07, after.config().settings().get("clustering.Fa"));
  }

  @Test
  void aCheckpointOfAnotherNetworkBecomesAStateDictButNoNetwork() throws IOException {
    Path file = SharedData.path(CHECKPOINT.toString());
    Weights weights = Checkpoint.read(file);
    assertEquals(24, weights.names().size());
    assertEquals(
        List.of("encoder_state_dict.lstm.weight_ih_l0", "encoder_state_dict.lstm.weight_hh_l0"),
        weights.names().stream().limit(2).toList());
    assertArrayEquals(new long[] {256, 40}, weights.shape("encoder_state_dict.lstm.weight_ih_l0"));
    assertEquals(
        252928, weights.names().stream().mapToLong(n -> weights.tensor(n).elements()).sum());
    Path target = temp.resolve("x.safetensors");
    assertEquals(
        file
            + ": the network must be one of [PyanNet, WeSpeakerResNet34], found tensors of another"
            + " network",
        assertThrows(WeightsException.class, () -> Converter.convert(file, target)).getMessage());
    Converter.convert(
        file,
        target,
        new ConversionOptions(
            ConversionOptions.Layout.STATE_DICT,
            ConversionOptions.Precision.AS_STORED,
            false,
            RepositorySource.NONE));
    ConverterTest.assertSameTensors(weights, SafeTensors.read(target));
  }

  @Test
  void aDamagedCheckpointNeverCausesAnythingButAWeightsException() throws IOException {
    byte[] whole =
        Files.readAllBytes(SharedData.path("golden/models/small/segmentation/pytorch_model.bin"));
    Random random = new Random(20240601);
    Path file = temp.resolve("damaged.bin");
    int refused = 0;
    for (int trial = 0; trial < 300; trial++) {
      byte[] damaged = whole.clone();
      // The pickle stands at the front and the central directory at the end; both decide most.
      int places = 1 + random.nextInt(4);
      for (int i = 0; i < places; i++) {
        int near = random.nextInt(8_000);
        int at = random.nextBoolean() ? near : damaged.length - 1 - near;
        damaged[at] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        Checkpoint.read(file);
      } catch (WeightsException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " of 300 refused");
  }

  @Test
  void aChangedPickleNeverCausesAnythingButAWeightsException() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    Path golden = SharedData.path("golden/models/small/segmentation/pytorch_model.bin");
    try (ZipFile zip = new ZipFile(golden.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    byte[] pickle = entries.get("archive/data.pkl");
    Random random = new Random(20240602);
    Path file = temp.resolve("changed.bin");
    int refused = 0;
    for (int trial = 0; trial < 500; trial++) {
      byte[] changed = pickle.clone();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      entries.put("archive/data.pkl", changed);
      writeZip(file, entries);
      try {
        Checkpoint.read(file);
      } catch (WeightsException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, refused + " of 500 refused");
  }

  private static void writeZip(Path file, Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
  }
}
