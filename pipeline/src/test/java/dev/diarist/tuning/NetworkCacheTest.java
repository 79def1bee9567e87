package dev.diarist.tuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.NetworkOutputs;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioSource;
import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkCacheTest {
  private static final Segmentation SEGMENTATION =
      new Segmentation(
          2,
          3,
          2,
          new byte[] {0, 1, 3, 2, 0, 1},
          new SlidingWindow(0, 10, 0.1 + 0.2),
          new SlidingWindow(0, 0.0619375, 0.016875));
  private static final Embeddings EMBEDDINGS =
      new Embeddings(2, 2, 2, new float[][] {{1, 2}, {Float.NaN, -0f}, {5, 6}, {7, 1e-40f}});

  @TempDir private Path folder;
  private Path audio;
  private int runs;

  @BeforeEach
  void writeAudio() throws IOException {
    ByteBuffer wav = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(38);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(32000);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2);
    audio = Files.write(folder.resolve("a.wav"), wav.array());
  }

  private void speech(AudioSource source, StageListener listener) {
    runs++;
    listener.on(new StageEvent.Segmented(SEGMENTATION));
    listener.on(new StageEvent.Embedded(EMBEDDINGS));
  }

  private void silence(AudioSource source, StageListener listener) {
    runs++;
    listener.on(new StageEvent.Segmented(SEGMENTATION));
  }

  private NetworkCache cache(String model) {
    return new NetworkCache(folder.resolve("networks"), model);
  }

  @Test
  void whatIsKeptIsTheSameToTheLastBit() throws IOException {
    for (int time = 0; time < 2; time++) {
      NetworkOutputs outputs = cache("m").outputs("a", audio, this::speech).orElseThrow();
      assertEquals("a", outputs.uri());
      Segmentation segmentation = outputs.segmentation();
      assertArrayEquals(SEGMENTATION.active(), segmentation.active());
      assertEquals(SEGMENTATION.chunkWindow(), segmentation.chunkWindow());
      assertEquals(SEGMENTATION.frameWindow(), segmentation.frameWindow());
      assertEquals(2, segmentation.localSpeakers());
      for (int row = 0; row < 4; row++) {
        for (int d = 0; d < 2; d++) {
          assertEquals(
              Float.floatToRawIntBits(EMBEDDINGS.rows()[row][d]),
              Float.floatToRawIntBits(outputs.embeddings().rows()[row][d]));
        }
      }
    }
    assertEquals(1, runs);
  }

  @Test
  void silenceIsKeptToo() throws IOException {
    assertEquals(Optional.empty(), cache("m").outputs("a", audio, this::silence));
    assertEquals(Optional.empty(), cache("m").outputs("a", audio, this::silence));
    assertEquals(1, runs);
  }

  @Test
  void anotherModelOrOtherAudioIsHeardAnew() throws IOException {
    cache("m").outputs("a", audio, this::speech);
    cache("n").outputs("a", audio, this::speech);
    assertEquals(2, runs);
    Files.setLastModifiedTime(audio, FileTime.fromMillis(1));
    cache("n").outputs("a", audio, this::speech);
    assertEquals(3, runs);
  }
}
