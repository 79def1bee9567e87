package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.signal.SincFilters;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The output of every layer of both networks, on every backend, against pyannote. */
class LayersGoldenTest {
  private static final String KIND = "layers";
  private static final int SAMPLE_RATE = 16000;

  @TestFactory
  Stream<DynamicTest> layersGiveWhatPyannoteGives() throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped(KIND));
    }
    List<GoldenCase> cases = GoldenCases.flat(KIND);
    return GoldenBackends.each(backend -> cases.stream().map(golden -> test(golden, backend)))
        .stream();
  }

  /** A case is named after the network and the size of the model: {@code embedding-small}. */
  private static DynamicTest test(GoldenCase golden, Backend backend) {
    String[] name = golden.name().split("-");
    return GoldenCases.test(
        KIND,
        golden.name() + " on " + backend.name(),
        golden,
        c -> {
          ModelFolder model = ModelFolder.open(GoldenCases.golden().resolve("models/" + name[1]));
          Weights expected = c.arrays(c.name() + ".safetensors");
          switch (name[0]) {
            case "segmentation" -> segmentation(c, model.segmentation(), expected, backend);
            case "embedding" -> embedding(c, model.embedding(), expected, backend);
            default -> throw new IllegalArgumentException("no test knows " + c.name());
          }
        });
  }

  private static void segmentation(
      GoldenCase golden, Weights weights, Weights expected, Backend backend) throws IOException {
    String bank = "sincnet.conv1d.0.filterbank.";
    float[] filters =
        SincFilters.of(
            weights.floats(bank + "low_hz_"),
            weights.floats(bank + "band_hz_"),
            weights.floats(bank + "window_"),
            weights.floats(bank + "n_"),
            SAMPLE_RATE);
    Compare.within(
        Tolerances.SINC_FILTERS, expected.floats("sincnet.filters"), filters, "sincnet.filters");

    PyanNet network = PyanNet.of(weights);
    assertEquals(
        golden.manifest().at("/receptive_field/1").asDouble(),
        network.receptiveFieldSamples() / (double) SAMPLE_RATE);
    assertEquals(
        golden.manifest().at("/receptive_field/2").asDouble(),
        network.frameStepSamples() / (double) SAMPLE_RATE);

    float[] waveform = GoldenAudio.excerpt(golden.manifest().required("input").asText());
    Map<String, INDArray> tapped = new HashMap<>();
    try (Program program =
        backend.compile(network.graph(waveform.length), weights, new Execution(2, 1))) {
      for (String layer : expected.names()) {
        if (!layer.equals("sincnet.filters") && !layer.equals("log_probabilities")) {
          program.tap(layer, tapped::put);
        }
      }
      float[] logProbabilities = program.run(1, waveform);
      Compare.logProbabilities(
          Tolerances.LOG_PROBABILITY,
          expected.floats("log_probabilities"),
          logProbabilities,
          golden.name());
    }
    tapped.forEach(
        (layer, value) -> {
          // Recordings of SincNet keep the first positions of the last axis.
          float[] kept = kept(value, expected.shape(layer), 1, 1);
          float tolerance =
              switch (layer) {
                case "sincnet.wav_norm1d" -> Tolerances.LAYER;
                case "sincnet.conv1d.0" -> Tolerances.SINC_LAYER;
                default -> Tolerances.NORMALISED_LAYER;
              };
          Compare.withinOfLargest(tolerance, expected.floats(layer), kept, layer);
        });
  }

  private static void embedding(
      GoldenCase golden, Weights weights, Weights expected, Backend backend) throws IOException {
    WeSpeakerResNet34 network = WeSpeakerResNet34.of(weights);
    Fbank fbank = new Fbank(SAMPLE_RATE, network.melBins());
    String input = golden.manifest().required("input").asText();
    String audio = input.split(",")[0];
    float[] shortFeatures = features(fbank, GoldenAudio.excerpt(input.split(" \\(")[0]));
    Compare.within(
        Tolerances.LARGEST_LOG_MEL_ENERGY,
        expected.floats("fbank_centered"),
        shortFeatures,
        "fbank_centered");

    Map<String, INDArray> tapped = new HashMap<>();
    int frames = shortFeatures.length / network.melBins();
    try (Program program = backend.compile(network.graph(frames), weights, new Execution(2, 1))) {
      for (String layer : expected.names()) {
        if (layer.startsWith("resnet.")) {
          program.tap(layer, tapped::put);
        }
      }
      assertEmbeddings(
          expected.floats("embedding_unmasked"), program.run(1, shortFeatures), "unmasked");
    }
    boolean subsampled =
        !golden.manifest().path("subsampled [:, ::4, ::4, ::7]").path(0).isMissingNode();
    tapped.forEach(
        (layer, value) -> {
          boolean sparse = subsampled && value.rank() == 4;
          float[] kept = kept(value, expected.shape(layer), sparse ? 4 : 1, sparse ? 7 : 1);
          float tolerance = value.rank() == 4 ? Tolerances.FEATURE_MAP : Tolerances.POOLED;
          Compare.within(tolerance, expected.floats(layer), kept, layer);
        });

    float[] features = features(fbank, GoldenAudio.excerpt(audio, 0, 10 * SAMPLE_RATE));
    int masks = (int) expected.shape("masks")[0];
    int maskFrames = (int) expected.shape("masks")[1];
    try (Program program =
        backend.compile(
            network.graph(features.length / network.melBins(), masks, maskFrames),
            weights,
            new Execution(2, 1))) {
      float[] embeddings = program.run(1, features, expected.floats("masks"));
      float[] rows = expected.floats("embedding_10s_masked");
      int dimension = network.dimension();
      for (int m = 0; m < masks; m++) {
        assertEmbeddings(
            Arrays.copyOfRange(rows, m * dimension, (m + 1) * dimension),
            Arrays.copyOfRange(embeddings, m * dimension, (m + 1) * dimension),
            "mask " + m);
      }
    }
  }

  private static float[] features(Fbank fbank, float[] waveform) {
    int frames = fbank.frames(waveform.length);
    float[] features = new float[frames * fbank.melBins()];
    fbank.compute(waveform, 0, waveform.length, features, 0);
    fbank.center(features, 0, frames);
    return features;
  }

  private static void assertEmbeddings(float[] expected, float[] actual, String what) {
    Compare.within(Tolerances.EMBEDDING, expected, actual, what);
    double distance = Compare.cosineDistance(expected, actual);
    assertTrue(distance <= Tolerances.COSINE_DISTANCE, () -> what + ": 1 - cosine " + distance);
  }

  /**
   * The values of {@code value} that a recording of {@code shape} keeps: every {@code step}-th of
   * the middle axes, every {@code lastStep}-th of the last one, as many as fit.
   */
  private static float[] kept(INDArray value, long[] shape, int step, int lastStep) {
    assertEquals(shape.length, value.rank());
    float[] all = value.dup('c').data().asFloat();
    int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] kept = new float[size];
    for (int i = 0; i < size; i++) {
      int rest = i;
      int from = 0;
      int stride = 1;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        int index = rest % (int) shape[axis];
        rest /= (int) shape[axis];
        int every = axis == 0 ? 1 : axis == shape.length - 1 ? lastStep : step;
        from += index * every * stride;
        stride *= (int) value.size(axis);
      }
      kept[i] = all[from];
    }
    return kept;
  }
}
