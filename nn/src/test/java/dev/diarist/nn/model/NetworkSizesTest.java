package dev.diarist.nn.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sizes come from the tensors: a network drawn, given tensors and read back is the same. */
class NetworkSizesTest {
  private static final PyanNet PUBLISHED =
      new PyanNet(
          16000,
          10.0,
          80,
          251,
          10,
          List.of(new Op.Conv1d(60, 5, 1), new Op.Conv1d(60, 5, 1)),
          List.of(new Op.Lstm(128, 4, true)),
          List.of(128, 128),
          new Powerset(3, 2),
          PyanNet.WarmUp.NONE);

  private static Weights zeros(Graph graph, Map<String, String> metadata) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, shape) ->
                tensors.put(
                    name,
                    Tensor.of(
                        new float[shape.size()],
                        Arrays.stream(shape.dimensions()).asLongStream().toArray())));
    return Weights.of(tensors, metadata);
  }

  @Test
  void thePublishedSegmentationHasItsKnownGeometry() {
    assertEquals(160000, PUBLISHED.chunkSamples());
    assertEquals(991, PUBLISHED.receptiveFieldSamples());
    assertEquals(270, PUBLISHED.frameStepSamples());
    assertEquals(Shape.of(589, 7), PUBLISHED.graph(160000).output().shape());
    assertEquals(Shape.of(293, 7), PUBLISHED.graph(80000).output().shape());
    assertEquals(Shape.of(1, 7), PUBLISHED.graph(991).output().shape());
    assertThrows(IllegalArgumentException.class, () -> PUBLISHED.graph(990));
  }

  @Test
  void thePublishedSegmentationHasItsKnownTensors() {
    Map<String, Shape> parameters = PUBLISHED.graph(160000).parameters();
    assertEquals(54, parameters.size());
    int learned =
        parameters.entrySet().stream()
            .filter(p -> !p.getKey().endsWith("window_") && !p.getKey().endsWith("n_"))
            .mapToInt(p -> p.getValue().size())
            .sum();
    assertEquals(1_473_265, learned);
  }

  @Test
  void aSegmentationOfOtherSizesIsReadBack() {
    PyanNet odd =
        new PyanNet(
            16000,
            10.0,
            6,
            15,
            10,
            List.of(new Op.Conv1d(5, 3, 1), new Op.Conv1d(7, 5, 1)),
            List.of(new Op.Lstm(9, 1, false), new Op.Lstm(9, 1, false)),
            List.of(),
            new Powerset(4, 2),
            PyanNet.WarmUp.NONE);
    PyanNet read = PyanNet.of(zeros(odd.graph(16000), Map.of()));
    assertEquals(odd.graph(16000).parameters(), read.graph(16000).parameters());
    assertEquals(4, read.powerset().speakers());
  }

  @Test
  void hyperParametersGiveWhatTensorsCannot() {
    Weights weights =
        zeros(
            PUBLISHED.graph(160000),
            Map.of(
                "hyper_parameters", "{\"sincnet\":{\"stride\":5},\"sample_rate\":8000}",
                "specifications", "{\"duration\":5.0}"));
    PyanNet network = PyanNet.of(weights);
    assertEquals(5, network.sincStride());
    assertEquals(40000, network.chunkSamples());
  }

  @Test
  void hyperParametersThatAreNotComputedAreRefused() {
    Graph graph = new WeSpeakerResNet34(16000, 80, 32, List.of(3, 4, 6, 3), 256).graph(998);
    String usual = "{\"frame_length\":25.0,\"window_type\":\"hamming\",\"use_energy\":false}";
    WeSpeakerResNet34.of(zeros(graph, Map.of("hyper_parameters", usual)));
    for (String other :
        List.of("\"frame_length\":32", "\"window_type\":\"povey\"", "\"use_energy\":true")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      WeSpeakerResNet34.of(
                          zeros(graph, Map.of("hyper_parameters", "{" + other + "}"))))
              .getMessage();
      assertTrue(message.startsWith("hyper-parameter /"), message);
    }
    String stride = "{\"sincnet\":{\"stride\":10.7}}";
    assertThrows(
        IllegalArgumentException.class,
        () -> PyanNet.of(zeros(PUBLISHED.graph(160000), Map.of("hyper_parameters", stride))));
  }

  @Test
  void classesThatAreNoPowersetAreRefused() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Weights weights = zeros(PUBLISHED.graph(160000), Map.of());
    weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
    tensors.put("classifier.weight", Tensor.of(new float[6 * 128], 6, 128));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> PyanNet.of(Weights.of(tensors, Map.of())));
    assertTrue(e.getMessage().contains("6 classes"), e.getMessage());
  }

  @Test
  void thePublishedEmbeddingHasItsKnownTensors() {
    WeSpeakerResNet34 published = new WeSpeakerResNet34(16000, 80, 32, List.of(3, 4, 6, 3), 256);
    Graph graph = published.graph(998, 3, 589);
    assertEquals(218, graph.parameters().size());
    assertEquals(Shape.of(2560, 125), graph.node("features").shape());
    assertEquals(Shape.of(3, 256), graph.output().shape());
    assertEquals(published, WeSpeakerResNet34.of(zeros(graph, Map.of())));
  }

  @Test
  void theLargerSiblingsHaveBottlenecks() {
    Map<List<Integer>, Integer> tensors =
        Map.of(
            List.of(3, 8, 36, 3), (151 + 4) * 6 + 2,
            List.of(6, 16, 48, 3), (220 + 4) * 6 + 2,
            List.of(10, 20, 64, 3), (292 + 4) * 6 + 2);
    tensors.forEach(
        (stages, count) -> {
          // Each layer is a convolution and the 5 tensors of its norm; so are the 4 shortcuts. The
          // last layer has weight and bias.
          WeSpeakerResNet34 large = new WeSpeakerResNet34(16000, 80, 32, stages, true, 256);
          Graph graph = large.graph(200);
          assertEquals(count, graph.parameters().size());
          assertEquals(Shape.of(10240, 25), graph.node("features").shape());
          assertEquals(large, WeSpeakerResNet34.of(zeros(graph, Map.of())));
        });
  }
}
