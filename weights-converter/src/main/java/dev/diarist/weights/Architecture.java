package dev.diarist.weights;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.Arrays;
import java.util.List;

/** The networks that can be run, each with the exact list of its tensors. */
public enum Architecture {
  PYANNET(
      "PyanNet",
      "pyannote.audio.models.segmentation.PyanNet",
      "sincnet.conv1d.0.filterbank.low_hz_") {
    @Override
    Graph graph(Weights weights) {
      PyanNet network = PyanNet.of(weights);
      return network.graph(network.chunkSamples());
    }
  },
  WESPEAKER_RESNET34(
      "WeSpeakerResNet34", "pyannote.audio.models.embedding.wespeaker", "resnet.conv1.weight") {
    @Override
    Graph graph(Weights weights) {
      return WeSpeakerResNet34.of(weights).graph(ANY_FRAMES);
    }

    @Override
    boolean isNamed(String name) {
      return name.matches("WeSpeakerResNet[0-9]+");
    }

    @Override
    String nameOf(Weights weights) {
      WeSpeakerResNet34 network;
      try {
        network = WeSpeakerResNet34.of(weights);
      } catch (IllegalArgumentException e) {
        return className(); // what is wrong is for the check to say
      }
      int blocks = network.stages().stream().mapToInt(Integer::intValue).sum();
      // The number counts the layers: those of the blocks, the first convolution, the last layer.
      return "WeSpeakerResNet" + ((network.bottleneck() ? 3 : 2) * blocks + 2);
    }
  };

  /** A number of fbank frames to draw the graph for; its tensors do not depend on it. */
  private static final int ANY_FRAMES = 100;

  private final String className;
  private final String pythonModule;
  private final String landmark;

  Architecture(String className, String pythonModule, String landmark) {
    this.className = className;
    this.pythonModule = pythonModule;
    this.landmark = landmark;
  }

  /** The class in pyannote.audio, or the smallest of a family of classes. */
  public String className() {
    return className;
  }

  /** The module of that class, and of its family, in pyannote.audio. */
  String pythonModule() {
    return pythonModule;
  }

  /** Whether the metadata {@code architecture} means this network by {@code name}. */
  boolean isNamed(String name) {
    return name.equals(className);
  }

  /** What the metadata {@code architecture} calls the network of these sizes. */
  String nameOf(Weights weights) {
    return className;
  }

  /**
   * The architecture that the metadata names or, where it names none, the one whose first layer is
   * there.
   *
   * @param file what messages call the weights
   * @throws WeightsException if it is none of these
   */
  public static Architecture of(Weights weights, String file) throws WeightsException {
    String named = weights.metadata().get("architecture");
    for (Architecture architecture : values()) {
      boolean matches =
          named == null ? weights.contains(architecture.landmark) : architecture.isNamed(named);
      if (matches) {
        return architecture;
      }
    }
    throw new WeightsException(
        "%s: the network must be one of %s, found %s"
            .formatted(
                file,
                Arrays.stream(values()).map(Architecture::className).toList(),
                named == null ? "tensors of another network" : "'" + named + "'"));
  }

  /**
   * Checks that the weights hold exactly this network's tensors in matching shapes.
   *
   * @param file what messages call the weights
   * @throws WeightsException if a tensor is missing, left over, or of another type or shape; the
   *     message names it
   */
  public void check(Weights weights, String file) throws WeightsException {
    String where = file + ": " + className;
    Graph graph;
    try {
      graph = graph(weights);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(where + ": " + e.getMessage(), e);
    }
    new Inventory(weights, where).check(graph);
  }

  /** A sentence for each way in which the weights are not exactly this network's. */
  List<String> findings(Weights weights) {
    try {
      return new Inventory(weights, className).findings(graph(weights));
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  /**
   * The network of these sizes.
   *
   * @throws IllegalArgumentException if the sizes make none
   */
  abstract Graph graph(Weights weights);
}
