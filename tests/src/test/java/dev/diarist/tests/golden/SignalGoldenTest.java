package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The signal processing before the networks, against torchaudio. */
class SignalGoldenTest {
  private static final String KIND = "signal";

  @TestFactory
  Stream<DynamicTest> featuresAreThoseOfTorchaudio() throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped(KIND));
    }
    return GoldenCases.flat(KIND).stream()
        .map(
            golden ->
                golden.name().startsWith("fbank")
                    ? GoldenCases.test(KIND, golden, SignalGoldenTest::fbank)
                    : GoldenCases.test(KIND, golden, SignalGoldenTest::resampling));
  }

  private static void fbank(GoldenCase golden) throws IOException {
    Weights arrays = golden.arrays(golden.name() + ".safetensors");
    float[] waveform =
        golden.manifest().has("audio")
            ? GoldenAudio.excerpt(golden.manifest().get("audio").asText())
            : new float[16000]; // the recording of silence names no audio
    int mels = (int) arrays.shape("fbank")[1];
    Fbank fbank = new Fbank(16000, mels);
    int frames = fbank.frames(waveform.length);
    assertEquals(arrays.shape("fbank")[0], frames);
    float[] features = new float[frames * mels];
    fbank.compute(waveform, 0, waveform.length, features, 0);
    assertFeatures(arrays.floats("fbank"), features, mels);
    if (arrays.contains("centered")) {
      fbank.center(features, 0, frames);
      assertLogEnergies(arrays.floats("centered"), features);
    }
  }

  /** Nine rates; each is read whole, and again in pieces that end anywhere. */
  private static void resampling(GoldenCase golden) throws IOException {
    Weights arrays = golden.arrays(golden.name() + ".safetensors");
    List<String> inputs =
        arrays.names().stream().filter(name -> name.startsWith("in_")).sorted().toList();
    assertEquals(9, inputs.size());
    for (String name : inputs) {
      int rate = Integer.parseInt(name.substring("in_".length()));
      float[] expected = arrays.floats("out_" + rate);
      try (AudioSource audio = Recording.of(name, arrays.floats(name), rate).mix()) {
        assertEquals(expected.length, audio.samples(), name);
        float[] whole = new float[expected.length];
        audio.read(0, whole.length, whole, 0);
        Compare.within(Tolerances.RESAMPLED, expected, whole, name);
      }
      try (AudioSource audio = Recording.of(name, arrays.floats(name), rate).mix()) {
        float[] pieces = new float[expected.length];
        for (int at = 0; at < pieces.length; at += 777) {
          audio.read(at, Math.min(777, pieces.length - at), pieces, at);
        }
        Compare.within(Tolerances.RESAMPLED, expected, pieces, name + " in pieces");
      }
    }
  }

  /** Log mel energies, whose errors are judged beside the energy of the whole frame. */
  private static void assertFeatures(float[] expected, float[] actual, int mels) {
    for (int row = 0; row < expected.length; row += mels) {
      double frameEnergy = 0;
      for (int b = 0; b < mels; b++) {
        frameEnergy += Math.exp(expected[row + b]);
      }
      for (int b = 0; b < mels; b++) {
        double error = Math.abs(Math.exp(actual[row + b]) - Math.exp(expected[row + b]));
        int at = row + b;
        assertTrue(error <= Tolerances.MEL_ENERGY * frameEnergy, () -> "mel energy " + at);
      }
    }
    assertLogEnergies(expected, actual);
  }

  private static void assertLogEnergies(float[] expected, float[] actual) {
    Compare.within(Tolerances.LARGEST_LOG_MEL_ENERGY, expected, actual, "fbank");
    int far = 0;
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(actual[i] - expected[i]) > Tolerances.LOG_MEL_ENERGY) {
        far++;
      }
    }
    assertTrue(far * 1000L <= expected.length, far + " of " + expected.length + " are far off");
  }
}
