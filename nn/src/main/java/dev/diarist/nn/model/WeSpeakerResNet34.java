package dev.diarist.nn.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The speaker embedding network: a residual network over mel filter banks, masked statistics
 * pooling, one linear layer. fbank (frames, mels) and masks (S, mask frames) → embeddings (S, D).
 *
 * <p>The larger members of the family (ResNet152, 221, 293) have more blocks, and blocks of three
 * convolutions, bottlenecks.
 *
 * <p>Source: He et al., "Deep residual learning for image recognition", 2016; Wang et al.,
 * "WeSpeaker", 2023; pyannote.audio 3.3.2, models/embedding/wespeaker/resnet.py.
 *
 * @param sampleRate of the waveform that the fbank comes from
 * @param melBins bands of the fbank
 * @param channels of the first stage; each later stage has twice as many
 * @param stages blocks of each stage
 * @param bottleneck whether a block is a bottleneck, with four times as many channels behind it
 * @param dimension D
 */
public record WeSpeakerResNet34(
    int sampleRate,
    int melBins,
    int channels,
    List<Integer> stages,
    boolean bottleneck,
    int dimension) {

  /** PyTorch's default for normalisation layers. */
  public static final double EPSILON = 1e-5;

  /** The batch norm of {@link #trainingGraph}. */
  public static final String TRAINING_NORM = "resnet.seg_bn_1";

  private static final int STAGES = 4;

  /** Channels behind a bottleneck for each channel inside. Source: as above. */
  private static final int EXPANSION = 4;

  public WeSpeakerResNet34 {
    stages = List.copyOf(stages);
  }

  /** A network of blocks of two convolutions. */
  public WeSpeakerResNet34(
      int sampleRate, int melBins, int channels, List<Integer> stages, int dimension) {
    this(sampleRate, melBins, channels, stages, false, dimension);
  }

  /**
   * The network of a checkpoint: sizes from the shapes of its tensors.
   *
   * @throws IllegalArgumentException if a tensor that gives a size is missing or of another rank,
   *     or hyper-parameters ask for other filter banks
   */
  public static WeSpeakerResNet34 of(Weights weights) {
    HyperParameters parameters = HyperParameters.of(weights, "hyper_parameters");
    requireFbank(parameters);
    Sizes sizes = new Sizes(weights);
    int channels = sizes.size("resnet.conv1.weight", 4, 0);
    List<Integer> stages = new ArrayList<>();
    for (int stage = 1; stage <= STAGES; stage++) {
      stages.add(Math.max(1, sizes.count("resnet.layer" + stage + ".")));
    }
    // The last layer reads mean and deviation of each channel at each frequency that remains after
    // every stage but the first has halved their number.
    boolean bottleneck = weights.contains("resnet.layer1.0.conv3.weight");
    int lastChannels = (bottleneck ? EXPANSION : 1) * channels << STAGES - 1;
    int statistics = sizes.size("resnet.seg_1.weight", 2, 1);
    int frequencies = Math.max(1, statistics / (2 * lastChannels));
    return new WeSpeakerResNet34(
        parameters.integer("/sample_rate", 16000),
        parameters.integer("/num_mel_bins", frequencies << STAGES - 1),
        channels,
        stages,
        bottleneck,
        sizes.size("resnet.seg_1.weight", 2, 0));
  }

  /** Of the filter banks only those of the published checkpoints are computed. */
  private static void requireFbank(HyperParameters parameters) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    parameters.require("/frame_length", json.numberNode(25)); // ms
    parameters.require("/frame_shift", json.numberNode(10)); // ms
    parameters.require("/dither", json.numberNode(0));
    parameters.require("/window_type", json.textNode("hamming"));
    parameters.require("/use_energy", json.booleanNode(false));
  }

  /** The network over {@code fbankFrames} frames, one embedding from all of them: → (D). */
  public Graph graph(int fbankFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34");
    Node features = trunk(graph, fbankFrames);
    return graph.build(head(graph, graph.add("resnet.pool", new Op.StatsPool(), features)));
  }

  /**
   * The network over {@code fbankFrames} frames for training: behind the embedding stands a batch
   * norm, {@value #TRAINING_NORM}, without which all embeddings point in nearly the same direction
   * at first, and angles between them say little. It is linear in use: → (D).
   */
  public Graph trainingGraph(int fbankFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34.training");
    Node features = trunk(graph, fbankFrames);
    Node embedding = head(graph, graph.add("resnet.pool", new Op.StatsPool(), features));
    return graph.build(graph.add(TRAINING_NORM, new Op.BatchNorm(EPSILON), embedding));
  }

  /** The network over {@code fbankFrames} frames, one embedding for each of {@code masks} masks. */
  public Graph graph(int fbankFrames, int masks, int maskFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34");
    Node features = trunk(graph, fbankFrames);
    Node weights = graph.input("weights", masks, maskFrames);
    Node pooled = graph.add("resnet.pool", new Op.StatsPool(), features, weights);
    return graph.build(head(graph, pooled));
  }

  /** Everything before the pooling, which does not depend on the masks: → (C·H, T). */
  public Graph trunk(int fbankFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34.trunk");
    return graph.build(trunk(graph, fbankFrames));
  }

  /**
   * The same for frames that matter, with weights (T) of 0 and 1: → (C·H, T), 0 at the others,
   * which need not be computed.
   */
  public Graph weighedTrunk(int fbankFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34.weighedTrunk");
    Node features = trunk(graph, fbankFrames);
    Node weights = graph.input("weights", features.shape().dimension(1));
    return graph.build(graph.add("heard", new Op.Weigh(), features, weights));
  }

  /** Pooling and what follows: the output (C·H, T) of a trunk and masks → embeddings (S, D). */
  public Graph head(int rows, int frames, int masks, int maskFrames) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34.head");
    Node features = graph.input("features", rows, frames);
    Node weights = graph.input("weights", masks, maskFrames);
    Node pooled = graph.add("resnet.pool", new Op.StatsPool(), features, weights);
    return graph.build(head(graph, pooled));
  }

  /** What follows the pooling: mean and deviation of each of {@code rows} rows → (D). */
  public Graph projection(int rows) {
    Graph.Builder graph = Graph.builder("WeSpeakerResNet34.projection");
    return graph.build(head(graph, graph.input("statistics", 2 * rows)));
  }

  /** Fbank frames from one frame of the trunk's output to the next. */
  public int stepFrames() {
    return 1 << STAGES - 1;
  }

  /** How many fbank frames to each side a frame of the trunk's output hears, at most. */
  public int reachFrames() {
    int reach = 1; // of the first convolution
    for (int stage = 0; stage < stages.size(); stage++) {
      reach += 2 * stages.get(stage) << stage; // two convolutions a block, 2^stage frames apart
    }
    return reach;
  }

  private Node trunk(Graph.Builder graph, int fbankFrames) {
    Node x = graph.input("fbank", fbankFrames, melBins);
    x = graph.add("rearrange", new Op.Transpose(), x); // (T, mels) → (mels, T)
    x = graph.add("image", new Op.Reshape(Shape.of(1, melBins, fbankFrames)), x);

    x = graph.add("resnet.conv1", new Op.Conv2d(channels, 3, 1, 1), x);
    x = graph.add("resnet.bn1", new Op.BatchNorm(EPSILON), x);
    x = graph.add("resnet.relu", new Op.Relu(), x);
    for (int stage = 1; stage <= stages.size(); stage++) {
      String layer = "resnet.layer" + stage;
      for (int block = 0; block < stages.get(stage - 1); block++) {
        int stride = stage > 1 && block == 0 ? 2 : 1;
        int width = channels << (stage - 1);
        String name = layer + "." + block;
        x =
            bottleneck
                ? bottleneck(graph, name, width, stride, x)
                : block(graph, name, width, stride, x);
      }
      graph.module(layer, x);
    }
    int rows = x.shape().dimension(0) * x.shape().dimension(1);
    return graph.add("features", new Op.Reshape(Shape.of(rows, x.shape().dimension(2))), x);
  }

  /** Two 3×3 convolutions beside a shortcut, which is a 1×1 convolution where the shape changes. */
  private static Node block(Graph.Builder graph, String name, int outChannels, int stride, Node x) {
    Node y = normalised(graph, name, 1, new Op.Conv2d(outChannels, 3, stride, 1), x);
    y = graph.add(name + ".relu1", new Op.Relu(), y);
    y = normalised(graph, name, 2, new Op.Conv2d(outChannels, 3, 1, 1), y);
    return joined(graph, name, outChannels, stride, x, y, ".relu2");
  }

  /** 1×1, 3×3 and 1×1 convolutions, the last to four times as many channels. */
  private static Node bottleneck(Graph.Builder graph, String name, int inner, int stride, Node x) {
    Node y = normalised(graph, name, 1, new Op.Conv2d(inner, 1, 1, 0), x);
    y = graph.add(name + ".relu1", new Op.Relu(), y);
    y = normalised(graph, name, 2, new Op.Conv2d(inner, 3, stride, 1), y);
    y = graph.add(name + ".relu2", new Op.Relu(), y);
    y = normalised(graph, name, 3, new Op.Conv2d(EXPANSION * inner, 1, 1, 0), y);
    return joined(graph, name, EXPANSION * inner, stride, x, y, ".relu3");
  }

  private static Node normalised(Graph.Builder graph, String name, int i, Op.Conv2d conv, Node x) {
    Node y = graph.add(name + ".conv" + i, conv, x);
    return graph.add(name + ".bn" + i, new Op.BatchNorm(EPSILON), y);
  }

  private static Node joined(
      Graph.Builder graph, String name, int outChannels, int stride, Node x, Node y, String relu) {
    Node shortcut = x;
    if (stride != 1 || x.shape().dimension(0) != outChannels) {
      shortcut = graph.add(name + ".shortcut.0", new Op.Conv2d(outChannels, 1, stride, 0), x);
      shortcut = graph.add(name + ".shortcut.1", new Op.BatchNorm(EPSILON), shortcut);
      graph.module(name + ".shortcut", shortcut);
    }
    Node sum = graph.add(name + ".add", new Op.Add(), y, shortcut);
    return graph.module(name, graph.add(name + relu, new Op.Relu(), sum));
  }

  private Node head(Graph.Builder graph, Node pooled) {
    return graph.add("resnet.seg_1", new Op.Linear(dimension), pooled);
  }
}
