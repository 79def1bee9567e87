package dev.diarist.voices;

import dev.diarist.DiarizerOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.embedding.RecordingEmbedder;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.Architecture;
import dev.diarist.weights.Checkpoint;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One embedding for a whole recording in which one person speaks.
 *
 * <p>May be called from many threads; recordings then wait for each other. Memory does not grow
 * with the recording.
 *
 * <p>Source: {@code Inference(window="whole")} of pyannote.audio 3.3.2.
 */
public final class SpeakerEmbedder implements AutoCloseable {
  private final RecordingEmbedder embedder;
  private final ReentrantLock running = new ReentrantLock();
  private boolean closed; // guarded by running

  private SpeakerEmbedder(RecordingEmbedder embedder) {
    this.embedder = embedder;
  }

  /**
   * The embedding network of a pipeline's folder, or of a checkpoint of its own.
   *
   * @param options of which backend and threads play a part
   * @throws IOException if the model cannot be read or is something else
   */
  public static SpeakerEmbedder open(Path model, DiarizerOptions options) throws IOException {
    Weights weights =
        Files.isRegularFile(model) ? checkpoint(model) : ModelFolder.open(model).embedding();
    return new SpeakerEmbedder(
        new RecordingEmbedder(weights, Backends.choose(options.backend()), options.threads()));
  }

  private static Weights checkpoint(Path file) throws IOException {
    Weights weights = Checkpoint.read(file);
    Architecture found = Architecture.of(weights, file.toString());
    if (found != Architecture.WESPEAKER_RESNET34) {
      throw new IOException(
          "%s: the embedding model must be a %s, found a %s"
              .formatted(file, Architecture.WESPEAKER_RESNET34.className(), found.className()));
    }
    found.check(weights, file.toString());
    return weights;
  }

  /**
   * The embedding (D) of all of a recording, silence included.
   *
   * @throws IOException if the audio cannot be read or is shorter than 0.105 s
   * @throws IllegalStateException if this embedder is closed
   */
  public float[] embed(AudioSource audio) throws IOException {
    running.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the embedder is closed");
      }
      return embedder.embed(audio);
    } finally {
      running.unlock();
    }
  }

  @Override
  public void close() {
    running.lock();
    try {
      if (!closed) {
        closed = true;
        embedder.close();
      }
    } finally {
      running.unlock();
    }
  }
}
