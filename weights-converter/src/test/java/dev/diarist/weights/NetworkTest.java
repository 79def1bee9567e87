package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.model.PyanNet;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {
  private static final Map<String, Tensor> SEGMENTATION = TinyModels.pyanNet(2, true, 6);
  private static final Map<String, Tensor> EMBEDDING = TinyModels.resNet(1, 2, 1, 1);

  @TempDir Path folder;

  @Test
  void wrappersAroundANetworkAreTakenOff() throws IOException {
    for (String wrapper : List.of("", "model.", "module.", "_orig_mod.model.")) {
      Map<String, Tensor> wrapped = new LinkedHashMap<>();
      SEGMENTATION.forEach((name, tensor) -> wrapped.put(wrapper + name, tensor));
      assertEquals(SEGMENTATION.keySet(), read(wrapped).weights().names());
    }
  }

  @Test
  void lstmLayersMayBeKeptApart() throws IOException {
    Map<String, Tensor> apart = new LinkedHashMap<>();
    TinyModels.pyanNet(2, true)
        .forEach((n, t) -> apart.put(n.replaceFirst("lstm\\.(.*_l)([0-9])", "lstm.$2.$10"), t));
    assertTrue(apart.containsKey("lstm.1.weight_hh_l0_reverse"), apart.keySet().toString());
    Network network = read(apart);
    assertEquals(apart.keySet(), network.weights().names());
    assertEquals(2, PyanNet.of(network.weights()).lstms().size());
  }

  @Test
  void oneLayerThatIsKeptApartIsAStackOfOne() throws IOException {
    Map<String, Tensor> stack = TinyModels.pyanNet(1, true);
    Map<String, Tensor> apart = new LinkedHashMap<>();
    stack.forEach((name, t) -> apart.put(name.replaceFirst("^lstm\\.", "lstm.0."), t));
    ConverterTest.assertSameTensors(TinyModels.weights(stack), read(apart).weights());
  }

  @Test
  void wespeakersNamesGetTheirPrefixAndItsTrainingClassifierIsLeftOut() throws IOException {
    for (String wrapper : List.of("", "module.")) {
      Map<String, Tensor> own = new LinkedHashMap<>();
      EMBEDDING.forEach((name, tensor) -> own.put(name.replaceFirst("resnet.", wrapper), tensor));
      own.put(wrapper + "projection.weight", Tensor.of(new float[4], 2, 2));
      Network network = read(own);
      assertEquals(Architecture.WESPEAKER_RESNET34, network.architecture());
      assertEquals(EMBEDDING.keySet(), network.weights().names());
      assertEquals("WeSpeakerResNet12", network.weights().metadata().get("architecture"));
      assertEquals(
          List.of(
              "%s: tensor '%sprojection.weight' serves training only and is left out"
                  .formatted(folder.resolve("model.safetensors"), wrapper)),
          network.warnings());
    }
  }

  @Test
  void whatDoesNotBelongToTheNetworkIsStillAnError() {
    Map<String, Tensor> wrapped = new LinkedHashMap<>();
    SEGMENTATION.forEach((name, tensor) -> wrapped.put("model." + name, tensor));
    wrapped.put("optimizer.step", Tensor.of(new float[1], 1));
    assertEquals(
        folder.resolve("model.safetensors")
            + ": PyanNet: tensor 'optimizer.step' is none of this network's",
        assertThrows(WeightsException.class, () -> read(wrapped)).getMessage());
  }

  @Test
  void valuesThatAreNotFiniteAreAWarningThatNamesTheTensor() throws IOException {
    Map<String, Tensor> broken = new LinkedHashMap<>(SEGMENTATION);
    broken.put(
        "classifier.bias",
        Tensor.of(new float[] {0, Float.NaN, 0, 0, Float.NEGATIVE_INFINITY, 0, 0}, 7));
    assertEquals(
        List.of(
            folder.resolve("model.safetensors")
                + ": tensor 'classifier.bias' holds 2 values that are not finite (NaN or"
                + " infinite)"),
        read(broken).warnings());
  }

  @Test
  void theConfigurationOfDiarizersGivesTheSpecifications() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "pyannet", "chunk_duration": 5, "max_speakers_per_chunk": 3,
         "max_speakers_per_frame": 2}
        """);
    String specifications = read(SEGMENTATION).weights().metadata().get("specifications");
    assertTrue(specifications.contains("\"duration\":5.0"), specifications);
    assertTrue(specifications.contains("\"powerset_max_classes\":2"), specifications);
    Files.writeString(
        folder.resolve("config.json"), "{\"model_type\": \"pyannet\", \"chunk_duration\": \"5\"}");
    assertEquals(
        folder.toAbsolutePath().resolve("config.json")
            + ": chunk_duration must be a number, found \"5\"",
        assertThrows(WeightsException.class, () -> read(SEGMENTATION)).getMessage());
  }

  @Test
  void shardsAreJoinedByTheirIndex() throws IOException {
    Map<String, Tensor> first = new LinkedHashMap<>();
    Map<String, Tensor> second = new LinkedHashMap<>();
    StringBuilder map = new StringBuilder();
    for (String name : SEGMENTATION.keySet()) {
      boolean early = name.startsWith("sincnet");
      (early ? first : second).put(name, SEGMENTATION.get(name));
      map.append(map.isEmpty() ? "" : ", ");
      map.append("\"%s\": \"%s.safetensors\"".formatted(name, early ? "one" : "two"));
    }
    SafeTensors.write(folder.resolve("one.safetensors"), Weights.of(first, Map.of()));
    SafeTensors.write(folder.resolve("two.safetensors"), Weights.of(second, Map.of()));
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {" + map + "}}");
    Network network = Network.read(folder);
    assertEquals(SEGMENTATION.keySet(), network.weights().names());
    assertEquals("model.safetensors.index.json", network.weights().metadata().get("source"));

    Files.writeString(
        index, "{\"weight_map\": {" + map.toString().replace("one.", "../one.") + "}}");
    assertRefused(index, "must lie in a file beside the index");
    Files.writeString(index, "{\"weight_map\": {\"x\": \"one.safetensors\"}}");
    assertRefused(index, "tensor 'x' is not in one.safetensors");
    Files.writeString(
        index, "{\"weight_map\": {\"sincnet.wav_norm1d.bias\": \"one.safetensors\"}}");
    assertRefused(index, "is not in the index");
    Files.writeString(index, "{\"weight_map\": {" + map + ", " + map + "}}");
    assertRefused(index, "Duplicate");
    Files.writeString(index, "{}");
    assertRefused(index, "an index of shards must hold a weight_map of names");
  }

  private static void assertRefused(Path index, String reason) {
    String message = assertThrows(WeightsException.class, () -> Network.read(index)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private Network read(Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.write(file, TinyModels.weights(tensors));
    return Network.read(file);
  }
}
