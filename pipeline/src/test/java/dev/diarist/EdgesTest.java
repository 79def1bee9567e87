package dev.diarist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole way at the edges of what a recording may be. Expected RTTM is that of pyannote.audio
 * 3.3.2, which {@code tests/runs/edges.py} recorded. No samples at all: {@link DiarizerTest}.
 */
class EdgesTest {
  private static final int RATE = AudioSource.SAMPLE_RATE;
  private static final int START_SECONDS = 20;
  private static final int SECONDS = 12;

  private static Diarizer diarizer;
  private static float[] sound;

  @BeforeAll
  static void open() throws IOException {
    diarizer = Diarizer.open(SmallModel.FOLDER);
    try (AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      sound = new float[(int) audio.samples()];
      audio.read(0, sound.length, sound, 0);
    }
  }

  @AfterAll
  static void close() {
    diarizer.close();
  }

  @TestFactory
  Stream<DynamicTest> rttmIsThatOfPyannote() throws IOException {
    Map<String, Recording> recordings = recordings();
    JsonNode expected;
    try (InputStream json = EdgesTest.class.getResourceAsStream("edges.json")) {
      expected = new ObjectMapper().readTree(json);
    }
    assertEquals(expected.size(), recordings.size());
    return recordings.entrySet().stream()
        .map(
            edge ->
                dynamicTest(
                    edge.getKey(),
                    () ->
                        assertEquals(
                            expected.required(edge.getKey()).asText(), rttm(edge.getValue()))));
  }

  private static Map<String, Recording> recordings() throws IOException {
    Map<String, Recording> recordings = new LinkedHashMap<>();
    int[] lengths = {1, 400, 990, 991, 159_999, 160_000, 160_001, 176_000, 176_001};
    for (int length : lengths) {
      recordings.put(length + " samples", recording(clip(length), RATE));
    }
    float[] clip = clip(SECONDS * RATE);
    float[] half = new float[clip.length / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = clip[2 * i];
    }
    recordings.put("8000 Hz", recording(half, RATE / 2));
    for (int factor : new int[] {2, 3, 6, 12}) {
      float[] held = new float[clip.length * factor];
      for (int i = 0; i < held.length; i++) {
        held[i] = clip[i / factor];
      }
      recordings.put(RATE * factor + " Hz", recording(held, RATE * factor));
    }
    float[][] channels = new float[8][];
    for (int c = 0; c < 8; c++) {
      channels[c] = scaled(clip, (c + 1) / 8f);
    }
    recordings.put("8 channels", Recording.of("edge", channels, RATE));
    float[] clipping = scaled(clip, 16);
    for (int i = 0; i < clipping.length; i++) {
      clipping[i] = Math.clamp(clipping[i], -1f, 1f);
    }
    recordings.put("clipping", recording(clipping, RATE));
    recordings.put("silence", recording(new float[clip.length], RATE));
    return recordings;
  }

  private static float[] clip(int samples) {
    return Arrays.copyOfRange(sound, START_SECONDS * RATE, START_SECONDS * RATE + samples);
  }

  private static float[] scaled(float[] clip, float factor) {
    float[] scaled = new float[clip.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = clip[i] * factor;
    }
    return scaled;
  }

  private static Recording recording(float[] samples, int rate) throws IOException {
    return Recording.of("edge", samples, rate);
  }

  private static String rttm(Recording recording) throws IOException {
    try (AudioSource audio = recording.mix()) {
      List<Turn> turns = diarizer.diarize(audio, SpeakerBounds.AUTO, StageListener.NONE).turns();
      StringBuilder rttm = new StringBuilder();
      Rttm.write(turns, "edge", rttm);
      return rttm.toString();
    }
  }

  @Test
  void aSampleThatIsNoNumberIsRefusedAndNotHeardAsSilence() {
    float[] samples = clip(RATE);
    samples[5] = Float.NaN;
    AudioException refusal =
        assertThrows(AudioException.class, () -> rttm(recording(samples, RATE)));
    assertTrue(refusal.getMessage().startsWith("edge: "), refusal.getMessage());
  }

  /**
   * What the networks would say of a day in which two people take turns, a second each in every
   * five minutes: after the networks no time is lost and no frame is out of place.
   */
  @Test
  void aDayOfTurnsKeepsItsTimesToTheEnd() {
    int chunks = 24 * 3600 - 9;
    int frames = 589;
    SlidingWindow chunkWindow = new SlidingWindow(0, 10, 1);
    SlidingWindow frameWindow = new SlidingWindow(0, 0.0619375, 0.016875);
    byte[] active = new byte[chunks * frames];
    float[][] voices = {{1, 0.1f}, {0.1f, 1}};
    float[][] rows = new float[chunks][];
    Arrays.fill(rows, new float[] {1, 1});
    int turns = 0;
    for (int c = 0; c < chunks; c += 300) {
      // Of frame 200 on, 59 frames of each of the chunks that hear them.
      for (int k = Math.max(0, c - 3); k <= Math.min(chunks - 1, c + 3); k++) {
        int shift = (int) Math.rint(c / 0.016875) - (int) Math.rint(k / 0.016875);
        Arrays.fill(active, k * frames + 200 + shift, k * frames + 259 + shift, (byte) 1);
        rows[k] = voices[turns % 2];
      }
      turns++;
    }
    Diarization day =
        Diarizer.resolve(
            new NetworkOutputs(
                "day",
                new Segmentation(chunks, frames, 1, active, chunkWindow, frameWindow),
                new Embeddings(chunks, 1, 2, rows)),
            DiarizerOptions.defaults(),
            SpeakerBounds.AUTO,
            StageListener.NONE);
    assertEquals(turns, day.turns().size());
    assertEquals(2, day.speakers().size());
    for (int i = 0; i < turns; i++) {
      Turn turn = day.turns().get(i);
      assertEquals(300 * i + 0.031 + 200 * 0.016875, turn.startSeconds(), 0.009, "turn " + i);
      assertEquals(59 * 0.016875, turn.endSeconds() - turn.startSeconds(), 1e-6);
      assertEquals(day.turns().get(i % 2).speaker(), turn.speaker());
    }
  }
}
