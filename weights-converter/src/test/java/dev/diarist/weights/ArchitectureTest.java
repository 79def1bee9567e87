package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.nn.model.Multilabel;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void anyDepthDirectionAndWidthOfPyanNetIsAccepted() {
    for (Map<String, Tensor> tensors :
        List.of(
            TinyModels.pyanNet(1, false),
            TinyModels.pyanNet(2, true, 6),
            TinyModels.pyanNet(4, true, 6, 3),
            TinyModels.pyanNet(12, false, 6, 3, 9))) {
      assertDoesNotThrow(
          () -> Architecture.PYANNET.check(TinyModels.weights(tensors), "model.bin"));
    }
  }

  @Test
  void anyNumberOfResNetBlocksIsAccepted() {
    for (int[] blocks :
        List.of(new int[] {1, 1, 1, 1}, new int[] {3, 4, 6, 3}, new int[] {2, 1, 12, 1})) {
      assertDoesNotThrow(
          () ->
              Architecture.WESPEAKER_RESNET34.check(
                  TinyModels.weights(TinyModels.resNet(blocks)), "model.bin"));
    }
  }

  @Test
  void bottlenecksAreToldByTheirThirdConvolution() throws WeightsException {
    Weights weights = TinyModels.weights(TinyModels.bottlenecks());
    Architecture.WESPEAKER_RESNET34.check(weights, "model.bin");
    assertEquals("WeSpeakerResNet26", Architecture.WESPEAKER_RESNET34.nameOf(weights));
    for (String name : List.of("WeSpeakerResNet152", "WeSpeakerResNet293")) {
      Weights named = Weights.of(Checkpoint.tensors(weights), Map.of("architecture", name));
      assertEquals(Architecture.WESPEAKER_RESNET34, Architecture.of(named, "model.bin"));
    }
  }

  @Test
  void everyMissingTensorIsNamed() {
    for (Architecture architecture : Architecture.values()) {
      for (String name : tensors(architecture).keySet()) {
        Map<String, Tensor> tensors = tensors(architecture);
        tensors.remove(name);
        assertEquals(
            "model.bin: %s: tensor '%s' is missing".formatted(architecture.className(), name),
            refusal(architecture, tensors));
      }
    }
  }

  @Test
  void everyTensorOfAnotherShapeIsAnError() {
    for (Architecture architecture : Architecture.values()) {
      for (String name : tensors(architecture).keySet()) {
        Map<String, Tensor> tensors = tensors(architecture);
        tensors.put(name, Tensor.of(new float[4], 2, 1, 1, 1, 2));
        refusal(architecture, tensors);
      }
    }
  }

  @Test
  void aWrongShapeIsNamedWithTheRightOne() {
    Map<String, Tensor> tensors = tensors(Architecture.PYANNET);
    tensors.put("lstm.weight_ih_l1", Tensor.of(new float[40], 8, 5));
    assertEquals(
        "model.bin: PyanNet: tensor 'lstm.weight_ih_l1' must have shape [8, 4], has [8, 5]",
        refusal(Architecture.PYANNET, tensors));
    tensors = tensors(Architecture.WESPEAKER_RESNET34);
    tensors.put("resnet.seg_1.weight", Tensor.of(new float[3 * 65], 3, 65));
    assertEquals(
        "model.bin: WeSpeakerResNet34: tensor 'resnet.seg_1.weight' must have shape [3, 64],"
            + " has [3, 65]",
        refusal(Architecture.WESPEAKER_RESNET34, tensors));
  }

  @Test
  void aWrongTypeIsNamed() {
    Map<String, Tensor> tensors = tensors(Architecture.WESPEAKER_RESNET34);
    tensors.put("resnet.bn1.num_batches_tracked", Tensor.of(new float[1]));
    assertEquals(
        "model.bin: WeSpeakerResNet34: tensor 'resnet.bn1.num_batches_tracked' must have one of the"
            + " types [I64], has F32",
        refusal(Architecture.WESPEAKER_RESNET34, tensors));
    tensors = tensors(Architecture.PYANNET);
    tensors.put("classifier.bias", Tensor.of(new long[7], 7));
    assertEquals(
        "model.bin: PyanNet: tensor 'classifier.bias' must have one of the types [F16, BF16, F32,"
            + " F64], has I64",
        refusal(Architecture.PYANNET, tensors));
  }

  @Test
  void aSegmentationOfAnotherProblemIsNamed() {
    assertEquals(
        "x.bin: PyanNet: the problem that the network was trained for must be"
            + " MONO_LABEL_CLASSIFICATION or one of [BINARY_CLASSIFICATION,"
            + " MULTI_LABEL_CLASSIFICATION], found REGRESSION",
        refusal("REGRESSION", 7));
    assertEquals(
        "x.bin: PyanNet: classifier.weight must have an output for each of 3 classes, has 7",
        refusal("MULTI_LABEL_CLASSIFICATION", 3));
  }

  private static String refusal(String problem, int classes) {
    Weights weights = Weights.of(TinyModels.pyanNet(1, true), specifications(problem, classes));
    return assertThrows(WeightsException.class, () -> Architecture.PYANNET.check(weights, "x.bin"))
        .getMessage();
  }

  private static Map<String, String> specifications(String problem, int classes) {
    String names = String.join(",", Collections.nCopies(classes, "\"a\""));
    return Map.of(
        "specifications",
        "{\"problem\":\"%s\",\"classes\":[%s],\"powerset_max_classes\":null}"
            .formatted(problem, names));
  }

  @Test
  void aSegmentationMayGiveAProbabilityForEachSpeaker() throws WeightsException {
    Weights weights =
        Weights.of(TinyModels.pyanNet(1, true), specifications("MULTI_LABEL_CLASSIFICATION", 7));
    Architecture.PYANNET.check(weights, "x.bin");
    assertEquals(new Multilabel(7), PyanNet.of(weights).classes());
  }

  @Test
  void leftOverTensorsAreNamed() {
    for (String name : List.of("model.extra", "lstm.weight_ih_l99999", "linear.07.weight")) {
      Map<String, Tensor> tensors = tensors(Architecture.PYANNET);
      tensors.put(name, Tensor.of(new float[1], 1));
      assertEquals(
          "model.bin: PyanNet: tensor '" + name + "' is none of this network's",
          refusal(Architecture.PYANNET, tensors));
    }
    Map<String, Tensor> tensors = tensors(Architecture.WESPEAKER_RESNET34);
    tensors.put("resnet.seg_2.weight", Tensor.of(new float[9], 3, 3));
    assertEquals(
        "model.bin: WeSpeakerResNet34: tensor 'resnet.seg_2.weight' is none of this network's",
        refusal(Architecture.WESPEAKER_RESNET34, tensors));
  }

  @Test
  void theNetworkIsToldByMetadataOrElseByItsFirstLayer() throws WeightsException {
    Map<String, Tensor> resNet = tensors(Architecture.WESPEAKER_RESNET34);
    assertEquals(
        Architecture.WESPEAKER_RESNET34, Architecture.of(TinyModels.weights(resNet), "model.bin"));
    assertEquals(
        Architecture.PYANNET,
        Architecture.of(Weights.of(resNet, Map.of("architecture", "PyanNet")), "model.bin"));
    Weights named = Weights.of(resNet, Map.of("architecture", "SSeRiouSS"));
    assertEquals(
        "model.bin: the network must be one of [PyanNet, WeSpeakerResNet34], found 'SSeRiouSS'",
        assertThrows(WeightsException.class, () -> Architecture.of(named, "model.bin"))
            .getMessage());
  }

  private static Map<String, Tensor> tensors(Architecture architecture) {
    return switch (architecture) {
      case PYANNET -> TinyModels.pyanNet(2, true, 6, 3);
      case WESPEAKER_RESNET34 -> TinyModels.resNet(1, 2, 1, 1);
    };
  }

  private static String refusal(Architecture architecture, Map<String, Tensor> tensors) {
    return assertThrows(
            WeightsException.class,
            () -> architecture.check(TinyModels.weights(tensors), "model.bin"))
        .getMessage();
  }
}
