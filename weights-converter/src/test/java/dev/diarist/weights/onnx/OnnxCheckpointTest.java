package dev.diarist.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ReadingBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxCheckpointTest {
  @Test
  void theGatesOfAnLstmComeBackInTheOrderOfPyTorch() throws WeightsException {
    Weights weights = read(segmentation());
    assertArrayEquals(new float[] {1, 3, 4, 2}, weights.floats("lstm.weight_ih_l0"));
    assertArrayEquals(new float[] {5, 7, 8, 6}, weights.floats("lstm.weight_ih_l0_reverse"));
    assertArrayEquals(new float[] {15, 17, 18, 16}, weights.floats("lstm.weight_hh_l0_reverse"));
    assertArrayEquals(new float[] {21, 23, 24, 22}, weights.floats("lstm.bias_ih_l0"));
    assertArrayEquals(new float[] {25, 27, 28, 26}, weights.floats("lstm.bias_hh_l0"));
    assertArrayEquals(new float[] {33, 35, 36, 34}, weights.floats("lstm.bias_hh_l0_reverse"));
    assertArrayEquals(new long[] {4, 1}, weights.shape("lstm.weight_ih_l0"));
  }

  @Test
  void linearLayersAreTurnedAndNamedInOrder() throws WeightsException {
    Weights weights = read(segmentation());
    assertArrayEquals(new long[] {3, 2}, weights.shape("linear.0.weight"));
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.floats("linear.0.weight"));
    assertArrayEquals(new float[] {7, 8, 9}, weights.floats("linear.0.bias"));
    assertArrayEquals(new float[] {1, 2, 3}, weights.floats("classifier.weight"));
    assertArrayEquals(new float[] {10}, weights.floats("classifier.bias"));
    assertArrayEquals(new float[] {50}, weights.floats("sincnet.norm1d.0.bias"));
  }

  @Test
  void strideAndSpecificationsComeFromGraphAndMetadata() throws WeightsException {
    Weights weights = read(segmentation());
    assertEquals(
        "{\"sample_rate\":8000,\"sincnet\":{\"stride\":7,\"sample_rate\":8000}}",
        weights.metadata().get("hyper_parameters"));
    String specifications = weights.metadata().get("specifications");
    assertTrue(specifications.contains("\"duration\":5.0"), specifications);
    assertTrue(specifications.contains("[\"speaker#1\",\"speaker#2\"]"), specifications);
  }

  @Test
  void integersBecomeTheNumbersTheyStandFor() throws WeightsException {
    OnnxFile file = new OnnxFile();
    file.node("DynamicQuantizeLinear", List.of("x"), "x_q");
    file.bytes("w_quantized", 3, new int[] {1, 2, 3, 4, -1, -2, -3, -4}, 2, 1, 4);
    file.floats("w_scale", new float[] {0.5f, 2}, 2);
    file.bytes("w_zero_point", 3, new int[] {0, 1}, 2);
    file.bytes("r_quantized", 3, new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 4);
    file.floats("r_scale", new float[] {1, 1}, 2).bytes("r_zero_point", 3, new int[] {0, 0}, 2);
    file.floats("b", new float[16], 2, 8);
    file.node("DynamicQuantizeLSTM", List.of("x", "w_quantized", "r_quantized", "b"), "h");
    file.bytes("m_quantized", 2, new int[] {128, 130}, 2, 1);
    file.floats("m_scale", new float[] {0.25f}).bytes("m_zero_point", 2, new int[] {128});
    file.node("MatMulInteger", List.of("h", "m_quantized", "z", "m_zero_point"), "p");
    file.node("Cast", List.of("p"), "c").node("Mul", List.of("s1", "m_scale"), "s");
    file.node("Mul", List.of("c", "s"), "scaled");
    file.floats("bias", new float[] {3}, 1);
    file.node("Add", List.of("bias", "scaled"), "y");
    Weights weights = read(file);
    assertArrayEquals(new float[] {0.5f, 1.5f, 2, 1}, weights.floats("lstm.weight_ih_l0"));
    assertArrayEquals(new float[] {-4, -8, -10, -6}, weights.floats("lstm.weight_ih_l0_reverse"));
    assertArrayEquals(new float[] {0, 0.5f}, weights.floats("classifier.weight"));
    assertArrayEquals(new float[] {3}, weights.floats("classifier.bias"));
  }

  @Test
  void eachGateOfEachDirectionMayHaveAScaleOfItsOwn() throws WeightsException {
    OnnxFile file = new OnnxFile();
    file.bytes(
        "w_quantized", 3, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 2, 2, 2, 2}, 2, 2, 4);
    file.floats("w_scale", new float[] {1, 10, 100, 1000, 2, 20, 200, 2000}, 2, 4);
    file.bytes("w_zero_point", 3, new int[] {0, 0, 0, 0, 0, 0, 0, 1}, 2, 4);
    file.bytes("r_quantized", 3, new int[8], 2, 1, 4);
    file.floats("r_scale", new float[8], 2, 4).bytes("r_zero_point", 3, new int[8], 2, 4);
    file.floats("b", new float[16], 2, 8);
    file.node("DynamicQuantizeLSTM", List.of("x", "w_quantized", "r_quantized", "b"), "h");
    file.floats("m", new float[] {1, 2}, 2, 1).floats("bias", new float[] {3}, 1);
    file.node("MatMul", List.of("h", "m"), "p").node("Add", List.of("bias", "p"), "y");
    Weights weights = read(file);
    // Gates i, o, f, c of ONNX become i, f, c, o: one row for each, one column for each input.
    assertArrayEquals(
        new float[] {1, 5, 300, 700, 4000, 8000, 20, 60}, weights.floats("lstm.weight_ih_l0"));
    assertArrayEquals(
        new float[] {2, 4, 200, 400, 0, 2000, 20, 40}, weights.floats("lstm.weight_ih_l0_reverse"));
  }

  @Test
  void anExportOverTorchExportHasNormsAsFunctionsAndTurnsTheLastMatrix() throws WeightsException {
    OnnxFile file = new OnnxFile().floats("w", new float[9], 1, 1, 3, 3);
    file.floats("scale", new float[] {2}, 1).floats("shift", new float[] {3}, 1);
    file.floats("mean", new float[] {4}, 1).floats("var", new float[] {5}, 1);
    file.node("Conv", List.of("x", "w"), "c");
    file.node(
        "_aten_native_batch_norm_inference_onnx",
        List.of("c", "scale", "shift", "mean", "var"),
        "n");
    file.node("Relu", List.of("n"), "r").node("ReduceMean", List.of("r"), "pooled");
    file.floats("m", new float[] {1, 2, 3, 4, 5, 6}, 2, 3).floats("b", new float[] {7, 8}, 2);
    file.node("Transpose", List.of("m"), "t", "perm", List.of(1, 0));
    file.node("Gemm", List.of("pooled", "t", "b"), "y");
    Weights weights = read(file);
    assertEquals(2, weights.floats("resnet.bn1.weight")[0]);
    assertEquals(5, weights.floats("resnet.bn1.running_var")[0]);
    assertArrayEquals(new long[] {2, 3}, weights.shape("resnet.seg_1.weight"));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.floats("resnet.seg_1.weight"));
  }

  @Test
  void tensorsMayLieInAFileBesideTheModel(@TempDir Path folder) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(0, 9).putFloat(8, 1).putFloat(12, 2).putFloat(16, 3);
    Files.write(folder.resolve("model.onnx.data"), data.array());
    Path model = Files.write(folder.resolve("model.onnx"), external("model.onnx.data", 8, 12));
    Weights weights = OnnxCheckpoint.read(model);
    assertArrayEquals(new float[] {1, 2, 3}, weights.floats("classifier.weight"));

    assertRefused(
        "tensor 'm': its data are in the file 'model.onnx.data', which is not beside the model",
        external("model.onnx.data", 8, 12));
    for (String[] bad :
        new String[][] {
          {"../model.onnx.data", "8", "12", "must be in a file beside the model, found '../model"},
          {"/etc/passwd", "0", "12", "must be in a file beside the model, found '/etc/passwd'"},
          {"", "0", "12", "must be in a file beside the model, found ''"},
          {"model.onnx.data", "16", "12", "12 bytes from 16 on leave the file"},
          {"model.onnx.data", "8", "16", "its shape has 12 bytes, its data 16"},
          {"model.onnx.data", "-8", "12", "offset must be a number, found '-8'"},
        }) {
      Files.write(model, external(bad[0], Long.parseLong(bad[1]), Long.parseLong(bad[2])));
      String message =
          assertThrows(WeightsException.class, () -> OnnxCheckpoint.read(model)).getMessage();
      assertTrue(message.contains(bad[3]), message);
    }
  }

  private static byte[] external(String location, long offset, long length) {
    OnnxFile file = new OnnxFile().floats("w", new float[4], 1, 4, 1);
    file.floats("r", new float[4], 1, 4, 1).floats("b", new float[8], 1, 8);
    file.node("LSTM", List.of("x", "w", "r", "b"), "h");
    file.external("m", location, offset, length, 3, 1).floats("c", new float[1], 1);
    return file.node("MatMul", List.of("h", "m"), "p").node("Add", List.of("p", "c"), "y").end();
  }

  @Test
  void aResNetWithoutNamesIsWalkedBlockByBlock() throws WeightsException {
    Weights weights = read(embedding());
    assertEquals(
        Set.of(
            "resnet.conv1",
            "resnet.layer1.0.conv1",
            "resnet.layer1.0.conv2",
            "resnet.layer2.0.conv1",
            "resnet.layer2.0.conv2",
            "resnet.layer2.0.shortcut.0",
            "resnet.seg_1"),
        weights.names().stream()
            .filter(n -> n.endsWith(".weight") && !n.contains("bn") && !n.endsWith("cut.1.weight"))
            .map(n -> n.substring(0, n.length() - ".weight".length()))
            .collect(Collectors.toSet()));
    assertEquals(1, weights.floats("resnet.conv1.weight")[0]);
    assertEquals(3, weights.floats("resnet.layer1.0.conv2.weight")[0]);
    assertEquals(6, weights.floats("resnet.layer2.0.shortcut.0.weight")[0]);
    assertArrayEquals(new float[] {31}, weights.floats("resnet.layer1.0.bn2.bias"));
    assertArrayEquals(new float[] {61}, weights.floats("resnet.layer2.0.shortcut.1.bias"));
    // A batch norm that was joined to its convolution now changes nothing.
    float scale =
        (float)
            (weights.floats("resnet.bn1.weight")[0]
                / Math.sqrt(weights.floats("resnet.bn1.running_var")[0] + 1e-5));
    assertEquals(1f, scale);
    assertArrayEquals(new float[] {9 - 2, 8 - 1}, weights.floats("resnet.seg_1.bias"));
  }

  @Test
  void graphsOfOtherNetworksAreRefused() {
    assertRefused("neither an LSTM nor convolutions", new OnnxFile().end());
    OnnxFile open = embedding();
    open.floats("extra", new float[] {1, 2}, 1, 2).node("MatMul", List.of("q", "extra"), "r");
    assertRefused("one linear layer must follow the pooling", open.end());
    OnnxFile circle = new OnnxFile();
    circle.floats("w", new float[9], 1, 1, 3, 3);
    circle.node("Conv", List.of("x", "w"), "a").node("Relu", List.of("a"), "x");
    circle.node("Relu", List.of("x"), "x");
    assertRefused("the export of another network", circle.end());
  }

  @Test
  void malformedTensorsAreNamed() {
    assertRefused(
        "tensor 'x': F32 tensor of shape [3] must have 12 bytes, got 8",
        new OnnxFile().floats("x", new float[2], 3).end());
    assertRefused("2^63", new OnnxFile().floats("x", new float[2], 1L << 40, 1L << 40).end());
    assertRefused("at least 0", new OnnxFile().floats("x", new float[2], -1).end());
    assertRefused(
        "two tensors have the name 'x'",
        new OnnxFile().floats("x", new float[1], 1).floats("x", new float[1], 1).end());
    assertRefused("type 8", new OnnxFile().bytes("x", 8, new int[1], 1).end());
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = segmentation().end();
    int graphEnds = whole.length - 5 * 20;
    for (int length = 3; length < graphEnds; length += 5) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(WeightsException.class, () -> read(cut), "cut at " + length);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyModelIsReadOrRefused(byte[] content) {
    // Integers of one byte are allowed to become numbers of four.
    ReadingBounds.check(5 * content.length, () -> read(content));
  }

  static Stream<Arguments> seeds() {
    OnnxFile shared = new OnnxFile().floats("w", new float[4096], 1, 64, 64);
    shared.floats("r", new float[4 * 16 * 16], 1, 64, 16).floats("b", new float[128], 1, 128);
    for (int i = 0; i < 5000; i++) { // one tensor for thousands of layers
      shared.node("LSTM", List.of("x", "w", "r", "b"), "h" + i);
    }
    return Stream.of(segmentation().end(), embedding().end(), shared.end())
        .map(content -> Arguments.of((Object) content));
  }

  private static OnnxFile segmentation() {
    OnnxFile file = new OnnxFile();
    file.floats("model.sincnet.norm1d.0.bias", new float[] {50}, 1);
    file.node("Conv", List.of("x", "computed"), "f", "strides", List.of(7));
    file.floats("w", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4, 1);
    file.floats("r", new float[] {11, 12, 13, 14, 15, 16, 17, 18}, 2, 4, 1);
    float[] biases = new float[16];
    for (int i = 0; i < 16; i++) {
      biases[i] = 21 + i;
    }
    file.floats("b", biases, 2, 8);
    file.node("LSTM", List.of("f", "w", "r", "b"), "h");
    file.floats("m0", new float[] {1, 2, 3, 4, 5, 6}, 2, 3).floats("b0", new float[] {7, 8, 9}, 3);
    file.node("MatMul", List.of("h", "m0"), "p").node("Add", List.of("b0", "p"), "q");
    file.floats("m1", new float[] {1, 2, 3}, 3, 1).floats("b1", new float[] {10}, 1);
    file.node("MatMul", List.of("q", "m1"), "s").node("Add", List.of("s", "b1"), "y");
    file.property("num_speakers", "2").property("powerset_max_classes", "2");
    return file.property("window_size", "40000").property("sample_rate", "8000");
  }

  /** Two blocks of one channel, the second with a shortcut, one of them of integers. */
  private static OnnxFile embedding() {
    OnnxFile file = new OnnxFile();
    for (int i = 1; i <= 6; i++) {
      float[] weights = new float[i == 6 ? 1 : 9];
      weights[0] = i;
      int kernel = i == 6 ? 1 : 3;
      if (i == 3) {
        file.bytes("w3_quantized", 3, new int[] {6, 0, 0, 0, 0, 0, 0, 0, 0}, 1, 1, 3, 3);
        file.floats("w3_scale", new float[] {0.5f}).bytes("w3_zero_point", 3, new int[] {0});
      } else {
        file.floats("w" + i, weights, 1, 1, kernel, kernel);
      }
      file.floats("b" + i, new float[] {10 * i + 1}, 1);
    }
    file.node("Conv", List.of("x", "w1", "b1"), "c1").node("Relu", List.of("c1"), "r1");
    file.node("Conv", List.of("r1", "w2", "b2"), "c2").node("Relu", List.of("c2"), "r2");
    file.node("DynamicQuantizeLinear", List.of("r2"), "r2q");
    file.node("ConvInteger", List.of("r2q", "w3_quantized"), "i3");
    file.node("Cast", List.of("i3"), "f3").node("Mul", List.of("f3", "scales"), "s3");
    file.node("Reshape", List.of("b3", "shape"), "b3r").node("Add", List.of("s3", "b3r"), "c3");
    file.node("Add", List.of("c3", "r1"), "a3").node("Relu", List.of("a3"), "r3");
    file.node("Conv", List.of("r3", "w4", "b4"), "c4", "strides", List.of(2, 2));
    file.node("Relu", List.of("c4"), "r4");
    file.node("Conv", List.of("r4", "w5", "b5"), "c5");
    file.node("Conv", List.of("r3", "w6", "b6"), "c6", "strides", List.of(2, 2));
    file.node("Add", List.of("c5", "c6"), "a5").node("Relu", List.of("a5"), "r5");
    file.node("ReduceMean", List.of("r5"), "pooled");
    file.floats("m", new float[] {1, 2}, 2, 1).floats("mb", new float[] {9, 8}, 2);
    file.floats("mean", new float[] {2, 1}, 2);
    file.node("Gemm", List.of("pooled", "m", "mb"), "e", "transB", List.of(1));
    return file.node("Sub", List.of("e", "mean"), "y");
  }

  private static Weights read(OnnxFile file) throws WeightsException {
    return read(file.end());
  }

  private static Weights read(byte[] content) throws WeightsException {
    return OnnxCheckpoint.read(ByteBuffer.wrap(content), "test.onnx", ExternalData.none());
  }

  private static void assertRefused(String reason, byte[] content) {
    String message = assertThrows(WeightsException.class, () -> read(content)).getMessage();
    assertTrue(message.startsWith("test.onnx: ") && message.contains(reason), message);
  }
}
