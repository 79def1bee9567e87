package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every op on every backend, against PyTorch. */
class OpsGoldenTest {
  private static final String KIND = "ops";

  @TestFactory
  Stream<DynamicTest> opsGiveWhatPyTorchGives() throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped(KIND));
    }
    List<GoldenCase> cases = GoldenCases.flat(KIND);
    return Stream.concat(
        cases.stream()
            .filter(OpsGoldenTest::isPowerset)
            .map(golden -> GoldenCases.test(KIND, golden, OpsGoldenTest::powerset)),
        GoldenBackends.each(
            backend ->
                cases.stream()
                    .filter(golden -> !isPowerset(golden))
                    .map(golden -> test(golden, backend)))
            .stream());
  }

  private static boolean isPowerset(GoldenCase golden) {
    return golden.name().startsWith("powerset");
  }

  private static DynamicTest test(GoldenCase golden, Backend backend) {
    String name = golden.name() + " on " + backend.name();
    return GoldenCases.test(KIND, name, golden, c -> op(c, backend));
  }

  private static void op(GoldenCase golden, Backend backend) throws IOException {
    Weights arrays = golden.arrays(golden.name() + ".safetensors");
    String kind = golden.name().split("-")[0];
    switch (kind) {
      case "conv1d" -> {
        int[] w = shape(arrays, "w");
        check(backend, arrays, new Op.Conv1d(w[0], w[2], stride(arrays, 0)), Tolerances.SINGLE_OP);
      }
      case "conv2d" -> {
        int[] w = shape(arrays, "w");
        Op op = new Op.Conv2d(w[0], w[2], stride(arrays, w[2] / 2), w[2] / 2);
        check(backend, arrays, op, Tolerances.SINGLE_OP);
      }
      case "maxpool1d" -> check(backend, arrays, new Op.MaxPool1d(3), 0);
      case "instancenorm1d" ->
          check(backend, arrays, new Op.InstanceNorm(1e-5), Tolerances.SINGLE_OP);
      case "batchnorm2d" -> check(backend, arrays, new Op.BatchNorm(1e-5), Tolerances.SINGLE_OP);
      case "leakyrelu" -> check(backend, arrays, new Op.LeakyRelu(0.01), Tolerances.SINGLE_OP);
      case "logsoftmax" -> check(backend, arrays, new Op.LogSoftmax(), Tolerances.SINGLE_OP);
      case "linear" ->
          check(backend, arrays, new Op.Linear(shape(arrays, "w")[0]), Tolerances.SINGLE_OP);
      case "bilstm" -> {
        int layers = 0;
        while (arrays.contains("weight_hh_l" + layers)) {
          layers++;
        }
        int hidden = shape(arrays, "weight_hh_l0")[1];
        check(backend, arrays, new Op.Lstm(hidden, layers, true), Tolerances.LSTM);
      }
      case "statspool" -> statisticsPooling(backend, arrays);
      default -> throw new IllegalArgumentException("no test knows the op of " + golden.name());
    }
  }

  /** The stride with which a kernel as long as the last axis of w makes y of the padded x. */
  private static int stride(Weights arrays, int padding) {
    int[] w = shape(arrays, "w");
    int[] x = shape(arrays, "x");
    int[] y = shape(arrays, "y");
    int room = x[x.length - 1] + 2 * padding - w[w.length - 1];
    return (int) Math.round((double) room / (y[y.length - 1] - 1));
  }

  private static int[] shape(Weights arrays, String name) {
    return Arrays.stream(arrays.shape(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** Runs a graph of this op alone over {@code x} and compares its output with {@code y}. */
  private static void check(Backend backend, Weights arrays, Op op, float tolerance) {
    int[] x = shape(arrays, "x");
    Graph.Builder graph = Graph.builder("single op");
    Node input = graph.input("x", Arrays.copyOfRange(x, 1, x.length));
    Node output = graph.add("op", op, input);
    Graph built = graph.build(output);
    try (Program program =
        backend.compile(built, parameters(built, arrays), new Execution(2, x[0]))) {
      float[] y = program.run(x[0], arrays.floats("x"));
      Compare.within(tolerance, arrays.floats("y"), y, op.toString());
    }
  }

  /** The recorded tensors under the names of the op's parameters; what was not recorded is 0. */
  private static Weights parameters(Graph graph, Weights arrays) {
    Map<String, String> recorded =
        Map.of("weight", "w", "bias", "b", "running_mean", "m", "running_var", "v");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, shape) -> {
              String part = name.substring("op.".length());
              String source = recorded.getOrDefault(part, part);
              long[] dimensions = Arrays.stream(shape.dimensions()).asLongStream().toArray();
              tensors.put(
                  name,
                  arrays.contains(source)
                      ? arrays.tensor(source)
                      : Tensor.of(new float[shape.size()], dimensions));
            });
    return Weights.of(tensors, Map.of());
  }

  private static void statisticsPooling(Backend backend, Weights arrays) {
    int[] x = shape(arrays, "x");
    int[] masks = shape(arrays, "weights");
    Graph.Builder masked = Graph.builder("masked");
    Node features = masked.input("x", x[1], x[2]);
    Node weights = masked.input("weights", 1, masks[1]);
    Graph graph = masked.build(masked.add("pool", new Op.StatsPool(), features, weights));
    Weights none = Weights.of(Map.of(), Map.of());
    try (Program program = backend.compile(graph, none, new Execution(2, x[0]))) {
      float[] y = program.run(x[0], arrays.floats("x"), arrays.floats("weights"));
      Compare.within(Tolerances.STATISTICS_POOLING, arrays.floats("y"), y, "masked");
    }
    Graph.Builder plain = Graph.builder("unmasked");
    Node unmasked = plain.add("pool", new Op.StatsPool(), plain.input("x", x[1], x[2]));
    try (Program program = backend.compile(plain.build(unmasked), none, new Execution(2, x[0]))) {
      float[] y = program.run(x[0], arrays.floats("x"));
      Compare.within(Tolerances.STATISTICS_POOLING, arrays.floats("y_unweighted"), y, "unmasked");
    }
  }

  private static void powerset(GoldenCase golden) throws IOException {
    Weights arrays = golden.arrays(golden.name() + ".safetensors");
    int[] mapping = shape(arrays, "mapping"); // (P, S)
    int speakers = mapping[1];
    float[] sets = arrays.floats("mapping");
    int simultaneous =
        IntStream.range(0, mapping[0])
            .map(p -> (int) sum(Arrays.copyOfRange(sets, p * speakers, (p + 1) * speakers)))
            .max()
            .orElseThrow();
    Powerset powerset = new Powerset(speakers, simultaneous);
    assertEquals(mapping[0], powerset.classes());
    for (int p = 0; p < mapping[0]; p++) {
      for (int s = 0; s < speakers; s++) {
        assertEquals(sets[p * speakers + s], powerset.set(p) >> s & 1, "class " + p);
      }
    }

    float[] logProbabilities = arrays.floats("log_probabilities");
    int frames = logProbabilities.length / powerset.classes();
    byte[] active = new byte[frames];
    powerset.toMultilabel(logProbabilities, 0, frames, active, 0);
    float[] hard = new float[frames * speakers];
    float[] soft = new float[frames * speakers];
    for (int f = 0; f < frames; f++) {
      for (int s = 0; s < speakers; s++) {
        hard[f * speakers + s] = active[f] >> s & 1;
      }
      float[] row = powerset.toSoftMultilabel(logProbabilities, f * powerset.classes());
      System.arraycopy(row, 0, soft, f * speakers, speakers);
    }
    assertArrayEquals(arrays.floats("multilabel_hard"), hard);
    Compare.within(1e-6f, arrays.floats("multilabel_soft"), soft, "soft multilabel");
  }

  private static float sum(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
