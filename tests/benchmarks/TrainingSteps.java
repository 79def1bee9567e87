import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.AngularMarginLoss;
import dev.diarist.nn.train.InitialWeights;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.Schedule;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains a speaker embedding network for a few steps on random features: FOLDER CHANNELS FRAMES
 * BATCH STEPS THREADS. Writes what it begins with to {@code FOLDER/start.safetensors}, prints the
 * loss of every step, and last the median seconds of a step. training.py does the same in PyTorch.
 */
class TrainingSteps {
  private static final int DIMENSION = 256;
  private static final int VOICES = 663;
  private static final int MEL_BINS = 80;
  private static final double RATE = 1e-3;
  private static final double SCALE = 24;

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int channels = Integer.parseInt(arguments[1]);
    int frames = Integer.parseInt(arguments[2]);
    int batch = Integer.parseInt(arguments[3]);
    int steps = Integer.parseInt(arguments[4]);
    var model = new WeSpeakerResNet34(16000, MEL_BINS, channels, List.of(3, 4, 6, 3), DIMENSION);
    var graph = model.graph(frames);
    Parameters parameters = Parameters.of(graph, InitialWeights.of(graph, 1));
    var loss = new AngularMarginLoss(VOICES, 1, DIMENSION, 0, SCALE, 2);
    SplittableRandom random = new SplittableRandom(3);
    float[] features = new float[batch * frames * MEL_BINS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    int[] voices = random.ints(batch, 0, VOICES).toArray();
    save(folder, parameters.and(loss.parameters()), features, voices, frames);
    var execution = new Execution(Integer.parseInt(arguments[5]), batch);
    double[] seconds = new double[steps];
    try (var network = new TrainableNetwork(graph, parameters, execution)) {
      var trainer =
          new Trainer(
              network,
              parameters.and(loss.parameters()),
              new Trainer.Settings(
                  Adam.Settings.DEFAULT,
                  RATE,
                  new Schedule.Constant(0),
                  Double.POSITIVE_INFINITY,
                  0,
                  0,
                  1));
      for (int step = 0; step < steps; step++) {
        long start = System.nanoTime();
        var taken = trainer.step(batch, output -> loss.of(output, voices), features);
        seconds[step] = (System.nanoTime() - start) / 1e9;
        System.out.println(taken.loss());
      }
    }
    Arrays.sort(seconds);
    System.out.println(seconds[steps / 2]);
  }

  private static void save(
      Path folder, Parameters parameters, float[] features, int[] voices, int frames)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Weights weights = parameters.weights(Map.of());
    weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
    tensors.put("features", Tensor.of(features, voices.length, frames, MEL_BINS));
    tensors.put("voices", Tensor.of(Arrays.stream(voices).asLongStream().toArray(), voices.length));
    SafeTensors.write(folder.resolve("start.safetensors"), Weights.of(tensors, Map.of()));
  }
}
