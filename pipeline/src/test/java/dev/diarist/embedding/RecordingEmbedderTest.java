package dev.diarist.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.SmallModel;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordingEmbedderTest {
  /** The bound of the specification for embeddings with values up to 99; these are below 5. */
  private static final float PYANNOTE = 3e-4f;

  private static float[] embed(float[] samples, int threads) throws IOException {
    Weights weights = SmallModel.open().embedding();
    try (RecordingEmbedder embedder =
            new RecordingEmbedder(weights, Backends.choose(Backends.AUTO), threads);
        Recording recording = Recording.of("test", samples, AudioSource.SAMPLE_RATE);
        AudioSource audio = recording.mix()) {
      return embedder.embed(audio);
    }
  }

  private static float[] samples(int first, int count) throws IOException {
    try (AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      float[] samples = new float[count];
      audio.read(first, count, samples, 0);
      return samples;
    }
  }

  // Expected: Inference(model, window="whole") of pyannote.audio 3.3.2 with the small model.

  @Test
  void aLongRecordingIsHeardAsAWhole() throws IOException {
    float[] embedding = embed(samples(0, 791615), 2); // 49 s: two blocks
    assertEquals(256, embedding.length);
    assertArrayEquals(
        new float[] {
          0.28106606f,
          -0.22916555f,
          -0.47026443f,
          -0.6160456f,
          1.0325086f,
          -0.016551018f,
          -0.0878985f,
          2.1797295f
        },
        Arrays.copyOf(embedding, 8),
        PYANNOTE);
  }

  @Test
  void theShortestRecordingHasTwoFramesOfTheTrunk() throws IOException {
    assertArrayEquals(
        new float[] {
          0.97194767f,
          3.4937344f,
          -3.0324211f,
          -1.9418396f,
          -1.0216382f,
          -4.1283069f,
          3.4908724f,
          -1.4943151f
        },
        Arrays.copyOf(embed(samples(16000, 1680), 1), 8),
        10 * PYANNOTE); // deviations of two values
    AudioException e = assertThrows(AudioException.class, () -> embed(samples(16000, 1679), 1));
    assertEquals(
        "test: must have at least 1680 samples at 16000 Hz for an embedding, has 1679",
        e.getMessage());
  }

  @Test
  void blocksSayWhatOneRunOverTheWholeSays() throws IOException {
    float[] once = samples(0, 791615);
    float[] samples = Arrays.copyOf(once, 3 * once.length); // 148 s: an inner block, too
    System.arraycopy(once, 0, samples, once.length, once.length);
    System.arraycopy(once, 7777, samples, 2 * once.length, once.length - 7777);
    float[] blocks = embed(samples, 2);

    Weights weights = SmallModel.open().embedding();
    WeSpeakerResNet34 network = WeSpeakerResNet34.of(weights);
    Fbank fbank = new Fbank(network.sampleRate(), network.melBins());
    int frames = fbank.frames(samples.length);
    float[] features = new float[frames * fbank.melBins()];
    fbank.compute(samples, 0, samples.length, features, 0);
    fbank.center(features, 0, frames);
    Backend backend = Backends.choose(Backends.AUTO);
    try (Program whole = backend.compile(network.graph(frames), weights, new Execution(2, 1))) {
      assertArrayEquals(whole.run(1, features), blocks, 2e-5f);
    }
    assertArrayEquals(blocks, embed(samples, 1), "threads change nothing");
  }
}
