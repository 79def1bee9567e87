package dev.diarist.training.embedding;

import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.simulation.Room;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.training.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The training of an embedding network from recordings of single speakers to a folder with what
 * came of it: {@code embedding.safetensors}, a part of a bundle; {@code steps.csv} and {@code
 * trials.csv}; {@code README.md}, its card; {@code checkpoint.safetensors}, from which an
 * interrupted training goes on.
 *
 * @param speech of the speakers that are learnt
 * @param heldOut of speakers that are not, by which the network is judged
 * @param rooms files of impulse responses
 * @param noises files of noise
 */
public record EmbeddingTrainingJob(
    SpeechCorpus speech,
    Optional<SpeechCorpus> heldOut,
    List<Path> rooms,
    List<Path> noises,
    EmbeddingTrainingSettings settings,
    int threads,
    Path output) {
  static final String NETWORK = "embedding.safetensors";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String STEPS = "steps.csv";
  private static final String TRIALS = "trials.csv";

  /** Crops of three seconds are compared. */
  private static final int JUDGED_FRAMES = 298;

  /** Crops of each voice that the last linear step is fitted on. */
  private static final int ANALYSED = 12;

  private static final double SHRINKAGE = 0.1;
  private static final long ANALYSIS_SEED = 55;

  public EmbeddingTrainingJob {
    rooms = List.copyOf(rooms);
    noises = List.copyOf(noises);
  }

  /** Whether a folder holds a training that can be resumed. */
  public static boolean isBegun(Path folder) {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  /**
   * Sees a training.
   *
   * <p>An equal error rate is NaN where no speakers are held out.
   */
  public interface Listener {
    void step(long number, long steps, double loss);

    void judged(long number, double cleanErrorRate, double noisyErrorRate);
  }

  /**
   * Trains and writes.
   *
   * @param resume whether to go on from the checkpoint in the output folder, where there is one
   * @throws IOException if a recording cannot be read, or the loss is not finite
   * @throws IllegalArgumentException if the checkpoint is of another training, or there are fewer
   *     than two voices
   * @throws java.util.concurrent.CancellationException if this thread is interrupted; it stays so
   */
  public void run(boolean resume, Listener listener) throws IOException {
    Files.createDirectories(output);
    Voices voices = new Voices(speech, settings.speeds());
    List<Room> read = new ArrayList<>();
    for (Path room : rooms) {
      read.add(Room.read(room));
    }
    Acoustics acoustics = new Acoustics(read, noises, voices);
    Fbank fbank = new Fbank(EmbeddingTraining.SAMPLE_RATE, EmbeddingTraining.MEL_BINS);
    Crops crops = new Crops(voices, acoustics, fbank, settings.cropFrames());
    Crops judged = new Crops(voices, acoustics, fbank, JUDGED_FRAMES);
    Optional<Trials> trials = Optional.empty();
    if (heldOut.isPresent()) {
      trials =
          Optional.of(new Trials(heldOut.get(), acoustics, judged, EmbeddingTraining.MEL_BINS));
    }
    Path checkpoint = output.resolve(CHECKPOINT);
    try (EmbeddingTraining training =
        new EmbeddingTraining(settings, data(), crops, voices.count(), JUDGED_FRAMES, threads)) {
      long taken = resume && Files.exists(checkpoint) ? training.resume(checkpoint) : 0;
      begin(STEPS, "step,loss,gradient_norm,learning_rate", taken);
      begin(TRIALS, "step,eer_clean,eer_noisy", taken);
      training.run(checkpoint, new Recorder(trials, listener));
      EmbeddingTraining.Result result = training.result();
      DiscriminantAnalysis analysis = analysis(result.embedder(), judged, voices);
      Trials.Rates rates = judge(trials, embedded(result.embedder(), analysis));
      SafeTensors.write(output.resolve(NETWORK), joined(result.weights(), analysis));
      listener.judged(settings.steps(), rates.clean(), rates.noisy());
      Files.writeString(output.resolve("README.md"), card(rates));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Which recordings of speech, rooms and noise are heard. */
  private String data() throws IOException {
    Fingerprint fingerprint = new Fingerprint();
    for (Map.Entry<String, List<Path>> speaker : speech.recordings().entrySet()) {
      fingerprint.add(speaker.getKey());
      add(speaker.getValue(), fingerprint);
    }
    add(rooms, fingerprint.add(""));
    add(noises, fingerprint.add(""));
    return fingerprint.text();
  }

  private static void add(List<Path> files, Fingerprint fingerprint) throws IOException {
    for (Path file : files) {
      fingerprint.add(file.getFileName().toString()).add(Files.size(file));
    }
  }

  /** A table with its line of names and, of what is there, the rows up to a step. */
  private void begin(String file, String names, long taken) throws IOException {
    Path table = output.resolve(file);
    List<String> rows = new ArrayList<>(List.of(names));
    if (taken > 0 && Files.exists(table)) {
      Files.readAllLines(table).stream()
          .skip(1)
          .filter(row -> Long.parseLong(row.substring(0, row.indexOf(','))) <= taken)
          .forEach(rows::add);
    }
    Files.write(table, rows);
  }

  private static Trials.Rates judge(Optional<Trials> trials, Trials.Embedder embedder) {
    return trials.map(own -> own.judge(embedder)).orElse(new Trials.Rates(Double.NaN, Double.NaN));
  }

  private static Trials.Embedder embedded(Trials.Embedder embedder, DiscriminantAnalysis analysis) {
    return crops -> {
      double[][] embeddings = embedder.embed(crops);
      for (int i = 0; i < embeddings.length; i++) {
        embeddings[i] = analysis.apply(embeddings[i]);
      }
      return embeddings;
    };
  }

  /** Fitted on new crops of all voices; keeps half of the directions. */
  private DiscriminantAnalysis analysis(Trials.Embedder embedder, Crops crops, Voices voices)
      throws IOException {
    List<float[]> features = new ArrayList<>();
    int[] labels = new int[voices.count() * ANALYSED];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / ANALYSED;
      var random = Crops.random(ANALYSIS_SEED, settings.seed(), i);
      float[] crop = voices.crop(labels[i], crops.samples(), random);
      float[] own = new float[crops.frames() * EmbeddingTraining.MEL_BINS];
      crops.disturbed(crop, labels[i], own, 0, random);
      features.add(own);
    }
    int kept = Math.max(1, settings.dimension() / 2);
    return DiscriminantAnalysis.fit(embedder.embed(features), labels, SHRINKAGE, kept);
  }

  /** The network with the norm and the analysis as part of its last layer. */
  private Weights joined(Weights weights, DiscriminantAnalysis analysis) {
    float[] weight = weights.floats("resnet.seg_1.weight");
    float[] bias = weights.floats("resnet.seg_1.bias");
    String norm = WeSpeakerResNet34.TRAINING_NORM;
    new EmbeddingNorm(
            weights.floats(norm + ".running_mean"),
            weights.floats(norm + ".running_var"),
            weights.floats(norm + ".weight"),
            weights.floats(norm + ".bias"))
        .join(weight, bias);
    DiscriminantAnalysis.Layer layer = analysis.joined(weight, bias);
    int kept = layer.bias().length;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      if (name.startsWith(WeSpeakerResNet34.TRAINING_NORM)) {
        continue;
      }
      tensors.put(
          name,
          switch (name) {
            case "resnet.seg_1.weight" ->
                Tensor.of(layer.weight(), kept, layer.weight().length / kept);
            case "resnet.seg_1.bias" -> Tensor.of(layer.bias(), kept);
            default -> weights.tensor(name);
          });
    }
    return Weights.of(tensors, Map.of("architecture", "WeSpeakerResNet34"));
  }

  private String card(Trials.Rates rates) {
    StringBuilder card = new StringBuilder();
    card.append("# ").append(output.toAbsolutePath().getFileName()).append("\n\n");
    card.append(
        "A WeSpeakerResNet34 of %d channels, trained on %d speakers at the speeds %s.\n\n"
            .formatted(settings.channels(), speech.recordings().size(), settings.speeds()));
    if (heldOut.isPresent()) {
      card.append(
          String.format(
              Locale.ROOT,
              "Equal error rate on %d speakers that it never heard, crops of three seconds from the"
                  + " two ends of a recording: %.2f %% as they are, %.2f %% with rooms, noise and"
                  + " levels of their own.\n\n",
              heldOut.get().recordings().size(),
              100 * rates.clean(),
              100 * rates.noisy()));
    }
    card.append("## Training\n\n");
    card.append(
        "- crops: %d frames, batches of %d\n".formatted(settings.cropFrames(), settings.batch()));
    card.append("- steps: %d\n".formatted(settings.steps()));
    card.append(
        "- AdamW: learning rate %s, %d steps of warm-up, cosine; weight decay %s\n"
            .formatted(settings.learningRate(), settings.warmUpSteps(), settings.weightDecay()));
    card.append(
        "- loss: margin %s from half of the steps on, scale %s\n"
            .formatted(settings.margin(), settings.scale()));
    card.append("- moving average of the weights: %s\n".formatted(settings.averageDecay()));
    card.append(
        "- rooms: %d, noises: %d, voices in the background, narrowed bands, levels, blanks, others before and after\n"
            .formatted(rooms.size(), noises.size()));
    card.append(
        "- last step: linear discriminant analysis over %d crops of each voice, shrinkage %s\n"
            .formatted(ANALYSED, SHRINKAGE));
    return card.append("- seed: %d\n".formatted(settings.seed())).toString();
  }

  /** Writes the tables as the training goes. */
  private final class Recorder implements EmbeddingTraining.Listener {
    private final Optional<Trials> trials;
    private final Listener next;

    Recorder(Optional<Trials> trials, Listener next) {
      this.trials = trials;
      this.next = next;
    }

    @Override
    public void step(long number, long steps, Trainer.Step step) {
      append(
          STEPS,
          "%d,%s,%s,%s".formatted(number, step.loss(), step.gradientNorm(), step.learningRate()));
      next.step(number, steps, step.loss());
    }

    @Override
    public void checkpoint(long number, Trials.Embedder embedder) {
      Trials.Rates rates = judge(trials, embedder);
      append(TRIALS, "%d,%s,%s".formatted(number, rates.clean(), rates.noisy()));
      next.judged(number, rates.clean(), rates.noisy());
    }

    private void append(String file, String row) {
      try {
        Files.writeString(output.resolve(file), row + "\n", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
