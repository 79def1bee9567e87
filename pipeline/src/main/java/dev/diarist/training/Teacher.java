package dev.diarist.training;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.weights.Weights;

/**
 * A trained segmentation network whose answers another one learns. Its local speakers are put in
 * the order in which they first speak, so that there is one right answer for each frame: a network
 * that begins from nothing then learns it at once, where the best of all orders leaves it saying
 * "one speaker" for a thousand steps.
 *
 * <p>Letters: {@code B} chunks, {@code F} frames, {@code T} samples of a chunk.
 */
public final class Teacher implements AutoCloseable {
  private final String name;
  private final Powerset powerset;
  private final int frames;
  private final TrainableNetwork network;

  /**
   * @param name what it is called in the metadata of what it taught
   * @param weights of a PyanNet; not modified
   * @param threads to compute with; no answer depends on it
   * @param batch the most chunks it is asked about at once
   * @throws IllegalArgumentException if the weights are not those of a PyanNet
   */
  public Teacher(String name, Weights weights, int threads, int batch) {
    this.name = name;
    PyanNet model = PyanNet.of(weights);
    Graph graph = model.graph(model.chunkSamples());
    powerset = model.powerset();
    frames = graph.output().shape().dimension(0);
    network =
        new TrainableNetwork(graph, Parameters.of(graph, weights), new Execution(threads, batch));
  }

  String name() {
    return name;
  }

  /**
   * Refuses to teach a network of another shape.
   *
   * @throws IllegalArgumentException if samples or frames of a chunk, or the classes differ
   */
  void require(Powerset other, int otherFrames, int samples) {
    String own = shape(powerset, frames, network.graph().inputs().getFirst().shape().size());
    String asked = shape(other, otherFrames, samples);
    if (!own.equals(asked)) {
      throw new IllegalArgumentException(
          "teacher and network must be of one shape: the teacher has %s, the network %s"
              .formatted(own, asked));
    }
  }

  private static String shape(Powerset powerset, int frames, int samples) {
    return "%d samples, %d frames, %d of %d speakers at a time"
        .formatted(samples, frames, powerset.maxSimultaneous(), powerset.speakers());
  }

  /**
   * Writes the speakers of each frame, bit s standing for the s-th to speak.
   *
   * @param waveforms (count, T), not modified
   * @param sets (count, F), overwritten
   */
  void write(int count, float[] waveforms, byte[] sets) {
    float[] said = network.evaluate(count, waveforms);
    powerset.toMultilabel(said, 0, count * frames, sets, 0);
    for (int c = 0; c < count; c++) {
      inOrder(sets, c * frames, (c + 1) * frames, powerset.speakers());
    }
  }

  /** Renames speakers by their first frame; those who begin together keep their order. */
  static void inOrder(byte[] sets, int from, int to, int speakers) {
    int[] places = new int[speakers];
    int seen = 0;
    int named = 0;
    for (int f = from; f < to; f++) {
      for (int s = 0; s < speakers; s++) {
        if ((sets[f] >> s & 1) == 1 && (seen >> s & 1) == 0) {
          seen |= 1 << s;
          places[s] = named++;
        }
      }
    }
    for (int f = from; f < to; f++) {
      int set = 0;
      for (int s = 0; s < speakers; s++) {
        set |= (sets[f] >> s & 1) << places[s];
      }
      sets[f] = (byte) set;
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
