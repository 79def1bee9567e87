import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.AngularMarginLoss;
import dev.diarist.nn.train.InitialWeights;
import dev.diarist.nn.train.LossValue;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.Schedule;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains a network for a few steps on noise with random labels: FOLDER THREADS STEPS, then {@code
 * embedding} CHANNELS FRAMES BATCH or {@code segmentation} MODEL BATCH. Writes what it begins with
 * to {@code FOLDER/start.safetensors}, prints the loss of every step, and last the median seconds
 * of a step. training_steps.py does the same in PyTorch.
 */
class TrainingSteps {
  private static final double RATE = 1e-3;

  /** Of the embedding network. */
  private static final int DIMENSION = 256;

  private static final int VOICES = 663;
  private static final int MEL_BINS = 80;
  private static final double SCALE = 24;

  private static final SplittableRandom RANDOM = new SplittableRandom(3);

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0], "start.safetensors");
    int threads = Integer.parseInt(arguments[1]);
    int steps = Integer.parseInt(arguments[2]);
    List<String> rest = List.of(arguments).subList(4, arguments.length);
    switch (arguments[3]) {
      case "embedding" -> embedding(file, threads, steps, rest);
      case "segmentation" -> segmentation(file, threads, steps, rest);
      default -> throw new IllegalArgumentException("no network " + arguments[3]);
    }
  }

  private static void embedding(Path file, int threads, int steps, List<String> sizes)
      throws IOException {
    int channels = Integer.parseInt(sizes.get(0));
    int frames = Integer.parseInt(sizes.get(1));
    int batch = Integer.parseInt(sizes.get(2));
    var model = new WeSpeakerResNet34(16000, MEL_BINS, channels, List.of(3, 4, 6, 3), DIMENSION);
    Graph graph = model.graph(frames);
    Parameters parameters = Parameters.of(graph, InitialWeights.of(graph, 1));
    var loss = new AngularMarginLoss(VOICES, 1, DIMENSION, SCALE, 2);
    float[] features = noise(batch * frames * MEL_BINS);
    int[] voices = RANDOM.ints(batch, 0, VOICES).toArray();
    Parameters all = parameters.and(loss.parameters());
    save(file, all, Tensor.of(features, batch, frames, MEL_BINS), voices);
    try (var network = new TrainableNetwork(graph, parameters, new Execution(threads, batch))) {
      train(network, all, output -> loss.of(output, voices, 0), batch, features, steps);
    }
  }

  private static void segmentation(Path file, int threads, int steps, List<String> sizes)
      throws IOException {
    Weights weights = ModelFolder.open(Path.of(sizes.get(0))).segmentation();
    int batch = Integer.parseInt(sizes.get(1));
    PyanNet model = PyanNet.of(weights);
    int samples = model.chunkSamples();
    Graph graph = model.graph(samples);
    Parameters parameters = Parameters.of(graph, weights);
    float[] waveforms = noise(batch * samples);
    int frames = graph.output().shape().dimension(0);
    int classes = graph.output().shape().dimension(1);
    int[] labels = RANDOM.ints((long) batch * frames, 0, classes).toArray();
    save(file, parameters, Tensor.of(waveforms, batch, 1, samples), labels);
    try (var network = new TrainableNetwork(graph, parameters, new Execution(threads, batch))) {
      Trainer.Loss loss = output -> negativeLogLikelihood(output, labels, classes);
      train(network, parameters, loss, batch, waveforms, steps);
    }
  }

  private static LossValue negativeLogLikelihood(float[] output, int[] labels, int classes) {
    float[] gradient = new float[output.length];
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= output[i * classes + labels[i]];
      gradient[i * classes + labels[i]] = -1f / labels.length;
    }
    return new LossValue(sum / labels.length, gradient);
  }

  private static float[] noise(int size) {
    float[] noise = new float[size];
    for (int i = 0; i < size; i++) {
      noise[i] = (float) RANDOM.nextGaussian();
    }
    return noise;
  }

  private static void save(Path file, Parameters parameters, Tensor input, int[] labels)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Weights weights = parameters.weights(Map.of());
    weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
    tensors.put("input", input);
    tensors.put("labels", Tensor.of(Arrays.stream(labels).asLongStream().toArray(), labels.length));
    SafeTensors.write(file, Weights.of(tensors, Map.of()));
  }

  private static void train(
      TrainableNetwork network,
      Parameters parameters,
      Trainer.Loss loss,
      int batch,
      float[] input,
      int steps) {
    var settings =
        new Trainer.Settings(
            Adam.Settings.DEFAULT,
            RATE,
            new Schedule.Constant(0),
            Double.POSITIVE_INFINITY,
            0,
            0,
            1);
    var trainer = new Trainer(network, parameters, settings);
    double[] seconds = new double[steps];
    for (int step = 0; step < steps; step++) {
      long start = System.nanoTime();
      System.out.println(trainer.step(batch, loss, input).loss());
      seconds[step] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    System.out.println(seconds[steps / 2]);
  }
}
