package dev.diarist.nn.model;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The segmentation network: SincNet, LSTM, linear layers, classifier. Waveform (1, samples) →
 * (frames, P): log-probabilities of a powerset, probabilities of a multilabel network.
 *
 * <p>Source: Bredin and Laurent, "End-to-end speaker segmentation for overlap-aware
 * resegmentation", 2021; Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural
 * speaker diarization", 2023; pyannote.audio 3.3.2, models/segmentation/PyanNet.py.
 *
 * @param sampleRate of the waveform
 * @param chunkSeconds length of the chunks it was trained on
 * @param sincFilters filters of the first layer, cosine and sine together
 * @param sincKernel their length in samples
 * @param sincStride samples from one position to the next
 * @param convolutions of the second and third layer
 * @param lstms the stack of LSTM layers, or one for each layer where the checkpoint keeps them
 *     apart
 * @param linears output features of the linear layers
 * @param classes what the outputs stand for
 * @param warmUp parts of a chunk that count for nothing where chunks are averaged
 */
public record PyanNet(
    int sampleRate,
    double chunkSeconds,
    int sincFilters,
    int sincKernel,
    int sincStride,
    List<Op.Conv1d> convolutions,
    List<Op.Lstm> lstms,
    List<Integer> linears,
    SpeakerClasses classes,
    WarmUp warmUp) {

  /** The parts of a chunk at its beginning and its end that a network was not trained on. */
  public record WarmUp(double leftSeconds, double rightSeconds) {
    public static final WarmUp NONE = new WarmUp(0, 0);
  }

  /** Convolutions of SincNet behind the sinc filters. */
  private static final int CONVOLUTIONS = 2;

  /** Neighbours of each max pooling. Source: SincNet of pyannote. */
  private static final int POOL = 3;

  /** PyTorch's default for normalisation layers. */
  private static final double EPSILON = 1e-5;

  /** PyTorch's default slope of a leaky ReLU. */
  private static final double SLOPE = 0.01;

  /** What pyannote calls the training of one class for each set of speakers. */
  private static final String POWERSET_PROBLEM = "MONO_LABEL_CLASSIFICATION";

  /** And that of a probability for each speaker, and for speech alone. */
  private static final Set<String> MULTILABEL_PROBLEMS =
      Set.of("MULTI_LABEL_CLASSIFICATION", "BINARY_CLASSIFICATION");

  /** Far above any that was trained; a checkpoint that claims more would ask for the memory. */
  private static final double MAX_CHUNK_SECONDS = 120;

  public PyanNet {
    if (!(chunkSeconds > 0 && chunkSeconds <= MAX_CHUNK_SECONDS)) {
      throw new IllegalArgumentException(
          "the chunk duration must be above 0 and at most %s s, got %s"
              .formatted(MAX_CHUNK_SECONDS, chunkSeconds));
    }
    double kept = chunkSeconds - warmUp.leftSeconds() - warmUp.rightSeconds();
    if (!(warmUp.leftSeconds() >= 0 && warmUp.rightSeconds() >= 0 && kept > 0)) {
      throw new IllegalArgumentException(
          "a warm-up must leave some of the %s s of a chunk, got %s and %s s"
              .formatted(chunkSeconds, warmUp.leftSeconds(), warmUp.rightSeconds()));
    }
    convolutions = List.copyOf(convolutions);
    lstms = List.copyOf(lstms);
    linears = List.copyOf(linears);
  }

  /**
   * The network of a checkpoint: sizes from the shapes of its tensors, the rest from its
   * hyper-parameters and specifications.
   *
   * @throws IllegalArgumentException if a tensor that gives a size is missing or of another rank,
   *     or its classes are of another kind
   */
  public static PyanNet of(Weights weights) {
    HyperParameters parameters = HyperParameters.of(weights, "hyper_parameters");
    HyperParameters specifications = HyperParameters.of(weights, "specifications");
    Sizes sizes = new Sizes(weights);
    List<Op.Conv1d> convolutions = new ArrayList<>();
    for (int i = 1; i <= CONVOLUTIONS; i++) {
      String weight = "sincnet.conv1d." + i + ".weight"; // (out, in, kernel)
      convolutions.add(new Op.Conv1d(sizes.size(weight, 3, 0), sizes.size(weight, 3, 2), 1));
    }
    List<Integer> linears = new ArrayList<>();
    for (int i = 0; i < sizes.count("linear."); i++) {
      linears.add(sizes.size("linear." + i + ".weight", 2, 0));
    }
    return new PyanNet(
        parameters.integer("/sample_rate", 16000),
        specifications.number("/duration", 10.0),
        2 * sizes.size("sincnet.conv1d.0.filterbank.low_hz_", 2, 0),
        2 * sizes.size("sincnet.conv1d.0.filterbank.window_", 1, 0) + 1,
        parameters.integer("/sincnet/stride", 10),
        convolutions,
        lstms(sizes),
        linears,
        classes(sizes.size("classifier.weight", 2, 0), specifications),
        new WarmUp(specifications.number("/warm_up/0", 0), specifications.number("/warm_up/1", 0)));
  }

  /** One stack named {@code lstm}, or layers named {@code lstm.0}, {@code lstm.1}, …. */
  private static List<Op.Lstm> lstms(Sizes sizes) {
    int apart = sizes.count("lstm.");
    if (apart == 0) {
      return List.of(lstm(sizes, "lstm"));
    }
    List<Op.Lstm> lstms = new ArrayList<>();
    for (int i = 0; i < apart; i++) {
      lstms.add(lstm(sizes, "lstm." + i));
    }
    return lstms;
  }

  private static Op.Lstm lstm(Sizes sizes, String name) {
    int hidden = sizes.size(name + ".weight_hh_l0", 2, 1);
    int layers = 1;
    for (String kind : List.of(".weight_ih_l", ".weight_hh_l", ".bias_ih_l", ".bias_hh_l")) {
      layers = Math.max(layers, sizes.count(name + kind));
    }
    return new Op.Lstm(hidden, layers, sizes.anyWith(name + ".", "_reverse"));
  }

  private static SpeakerClasses classes(int outputs, HyperParameters specifications) {
    String problem = specifications.text("/problem", POWERSET_PROBLEM);
    int speakers = specifications.length("/classes", 0);
    if (problem.equals(POWERSET_PROBLEM)) {
      return powerset(outputs, speakers, specifications.integer("/powerset_max_classes", 2));
    }
    if (!MULTILABEL_PROBLEMS.contains(problem)) {
      throw new IllegalArgumentException(
          "the problem that the network was trained for must be %s or one of %s, found %s"
              .formatted(POWERSET_PROBLEM, new TreeSet<>(MULTILABEL_PROBLEMS), problem));
    }
    if (speakers > 0 && speakers != outputs) {
      throw new IllegalArgumentException(
          "classifier.weight must have an output for each of %d classes, has %d"
              .formatted(speakers, outputs));
    }
    return new Multilabel(outputs);
  }

  /**
   * Where the checkpoint does not list its speakers, their number follows from that of the classes.
   */
  private static Powerset powerset(int classes, int speakers, int maxSimultaneous) {
    int from = speakers > 0 ? speakers : maxSimultaneous;
    int to = speakers > 0 ? speakers : 8;
    for (int s = from; s <= to; s++) {
      Powerset powerset = new Powerset(s, maxSimultaneous);
      if (powerset.classes() == classes) {
        return powerset;
      }
    }
    throw new IllegalArgumentException(
        String.format(
            "classifier.weight has %d classes, which is no powerset of %s speakers with at most %d"
                + " at a time",
            classes, speakers > 0 ? speakers : "1 to 8", maxSimultaneous));
  }

  /**
   * The classes of a network that has one for each set of speakers.
   *
   * @throws IllegalArgumentException if they are of another kind
   */
  public Powerset powerset() {
    return switch (classes) {
      case Powerset powerset -> powerset;
      case Multilabel multilabel ->
          throw new IllegalArgumentException(
              "the network must have a class for each set of speakers (a powerset), this one has a"
                  + " probability for each of "
                  + multilabel.speakers());
    };
  }

  /** The network over {@code samples} samples. */
  public Graph graph(int samples) {
    Graph.Builder graph = Graph.builder("PyanNet");
    Node x = graph.input("waveforms", 1, samples);

    x = graph.add("sincnet.wav_norm1d", new Op.InstanceNorm(EPSILON), x);
    x =
        graph.add(
            "sincnet.conv1d.0",
            new Op.SincConv(sincFilters, sincKernel, sincStride, sampleRate),
            x);
    x = graph.add("sincnet.abs", new Op.Abs(), x);
    x = poolAndNormalise(graph, 0, x);
    for (int i = 1; i <= convolutions.size(); i++) {
      x = graph.add("sincnet.conv1d." + i, convolutions.get(i - 1), x);
      x = poolAndNormalise(graph, i, x);
    }
    graph.module("sincnet", x);

    x = graph.add("rearrange", new Op.Transpose(), x); // (C, F) → (F, C)
    if (lstms.size() == 1) {
      x = graph.add("lstm", lstms.getFirst(), x);
    } else {
      for (int i = 0; i < lstms.size(); i++) {
        x = graph.add("lstm." + i, lstms.get(i), x);
      }
      graph.module("lstm", x);
    }
    for (int i = 0; i < linears.size(); i++) {
      x = graph.add("linear." + i, new Op.Linear(linears.get(i)), x);
      x = graph.add("linear.leaky_relu." + i, new Op.LeakyRelu(SLOPE), x);
    }
    x = graph.add("classifier", new Op.Linear(classes.classes()), x);
    Op activation =
        switch (classes) {
          case Powerset powerset -> new Op.LogSoftmax();
          case Multilabel multilabel -> new Op.Sigmoid();
        };
    return graph.build(graph.add("activation", activation, x));
  }

  private static Node poolAndNormalise(Graph.Builder graph, int i, Node x) {
    x = graph.add("sincnet.pool1d." + i, new Op.MaxPool1d(POOL), x);
    x = graph.add("sincnet.norm1d." + i, new Op.InstanceNorm(EPSILON), x);
    return graph.add("sincnet.leaky_relu." + i, new Op.LeakyRelu(SLOPE), x);
  }

  /** Samples of one chunk: ⌊duration · rate⌋. */
  public int chunkSamples() {
    return (int) Math.floor(chunkSeconds * sampleRate);
  }

  /** Samples that one output frame sees: 991 for the published sizes. */
  public int receptiveFieldSamples() {
    int samples = 1;
    for (int i = convolutions.size(); i >= 0; i--) {
      samples = POOL * samples; // pooling: kernel and stride are the same
      samples =
          i == 0
              ? sincKernel + (samples - 1) * sincStride
              : convolutions.get(i - 1).kernel() + (samples - 1) * convolutions.get(i - 1).stride();
    }
    return samples;
  }

  /** Samples from one output frame to the next: 270 for the published sizes. */
  public int frameStepSamples() {
    int step = sincStride * POOL;
    for (Op.Conv1d convolution : convolutions) {
      step *= convolution.stride() * POOL;
    }
    return step;
  }
}
