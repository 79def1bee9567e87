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
  private final Powerset powerset;
  private final int frames;
  private final TrainableNetwork network;

  /**
   * @param weights of a PyanNet; not modified
   * @param batch the most chunks it is asked about at once
   */
  public Teacher(Weights weights, int threads, int batch) {
    PyanNet model = PyanNet.of(weights);
    Graph graph = model.graph(model.chunkSamples());
    powerset = model.powerset();
    frames = graph.output().shape().dimension(0);
    network =
        new TrainableNetwork(graph, Parameters.of(graph, weights), new Execution(threads, batch));
  }

  /**
   * Whether a network of that many frames and those classes can learn from it.
   *
   * @throws IllegalArgumentException if not; says why
   */
  void require(Powerset other, int otherFrames, int samples) {
    if (other.speakers() != powerset.speakers()
        || other.maxSimultaneous() != powerset.maxSimultaneous()
        || otherFrames != frames
        || samples != network.graph().inputs().getFirst().shape().size()) {
      throw new IllegalArgumentException(
          "teacher and network must have the same chunks, frames and classes: %d frames and %d"
                  .formatted(frames, powerset.classes())
              + " classes are not %d and %d".formatted(otherFrames, other.classes()));
    }
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
