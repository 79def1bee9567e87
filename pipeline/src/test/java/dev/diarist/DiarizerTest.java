package dev.diarist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiarizerTest {
  private static Diarizer diarizer;

  @BeforeAll
  static void open() throws IOException {
    diarizer = Diarizer.open(SmallModel.FOLDER);
  }

  @AfterAll
  static void close() {
    diarizer.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 48000})
  void whereNobodySpeaksTheResultIsEmpty(long samples) throws IOException {
    List<String> stages = new ArrayList<>();
    Diarization diarization =
        diarizer.diarize(
            new Silence(samples),
            SpeakerBounds.exactly(2),
            event -> stages.add(event.getClass().getSimpleName()));
    assertEquals("silence", diarization.uri());
    assertEquals(List.of(), diarization.turns());
    assertEquals(List.of(), diarization.speakers());
    assertEquals(0, diarization.speakerEmbeddings().length);
    assertEquals(
        List.of("Progress", "ChunksScored", "Progress", "Segmented", "SpeakersCounted"), stages);
    Diarization oracle =
        diarizer.diarize(
            new Silence(samples), Annotation.of(List.of()), SpeakerBounds.AUTO, StageListener.NONE);
    assertEquals(List.of(), oracle.turns());
  }

  @Test
  void fastModeHearsTheSpeechOfTheExactModeWithItsChunks() throws IOException {
    UnaryOperator<DiarizerOptions> halfAsMany = options -> options.with("segmentation_step", "0.2");
    try (Diarizer exact = Diarizer.open(SmallModel.FOLDER, halfAsMany);
        Diarizer fast = Diarizer.open(SmallModel.FOLDER, options -> options.withMode(Mode.FAST))) {
      List<Segmentation> segmentations = new ArrayList<>();
      List<List<Turn>> turns = new ArrayList<>();
      for (Diarizer each : List.of(exact, fast)) {
        try (AudioSource audio = clip(0)) {
          StageListener listener =
              event -> {
                if (event instanceof StageEvent.Segmented(Segmentation segmentation)) {
                  segmentations.add(segmentation);
                }
              };
          turns.add(each.diarize(audio, SpeakerBounds.AUTO, listener).turns());
        }
      }
      assertEquals(segmentations.get(0).chunkWindow(), segmentations.get(1).chunkWindow());
      assertArrayEquals(segmentations.get(0).active(), segmentations.get(1).active());
      assertEquals(turns.get(0).getFirst().startSeconds(), turns.get(1).getFirst().startSeconds());
      assertEquals(
          turns.get(0).stream().mapToDouble(Turn::endSeconds).max(),
          turns.get(1).stream().mapToDouble(Turn::endSeconds).max());
    }
  }

  /** A speaker of 95 chunks, and one of five. */
  @Test
  void fastModeHearsASpeakerOfHalfAsManyChunks() {
    int chunks = 100;
    byte[] active = new byte[chunks * 10];
    Arrays.fill(active, (byte) 1);
    Segmentation segmentation =
        new Segmentation(
            chunks, 10, 1, active, new SlidingWindow(0, 10, 1), new SlidingWindow(0, 1, 1));
    float[][] rows = new float[chunks][];
    for (int c = 0; c < chunks; c++) {
      rows[c] = c % 20 == 0 ? new float[] {0.01f * c, 10} : new float[] {10, 0.01f * c};
    }
    NetworkOutputs outputs =
        new NetworkOutputs("two", segmentation, new Embeddings(chunks, 1, 2, rows));
    DiarizerOptions options =
        DiarizerOptions.defaults().with("clustering.min_cluster_size", "8"); // 4 in fast mode
    assertEquals(1, speakers(outputs, options));
    assertEquals(2, speakers(outputs, options.withMode(Mode.FAST)));
  }

  private static int speakers(NetworkOutputs outputs, DiarizerOptions options) {
    List<Clustering> clusterings = new ArrayList<>();
    Diarizer.resolve(
        outputs,
        options,
        SpeakerBounds.AUTO,
        event -> {
          if (event instanceof StageEvent.Clustered(Clustering clustering)) {
            clusterings.add(clustering);
          }
        });
    return clusterings.getFirst().centroids().length;
  }

  @Test
  void theStagesOfARecordingComeInOrder() throws IOException {
    List<String> stages = new ArrayList<>();
    try (AudioSource audio = clip(0)) {
      diarizer.diarize(
          audio, SpeakerBounds.AUTO, event -> stages.add(event.getClass().getSimpleName()));
    }
    assertEquals(
        List.of(
            "Progress",
            "ChunksScored",
            "Progress",
            "Segmented",
            "SpeakersCounted",
            "Progress",
            "Progress",
            "Embedded",
            "Clustered",
            "Reconstructed"),
        stages);
  }

  @Test
  void twoThreadsGetWhatOneGets() throws IOException {
    List<Turn> first = turns(clip(0));
    List<Turn> second = turns(clip(20));
    assertFalse(first.isEmpty());
    assertFalse(first.equals(second));

    List<CompletableFuture<List<Turn>>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      AudioSource audio = clip(i % 2 == 0 ? 0 : 20);
      running.add(CompletableFuture.supplyAsync(() -> turns(audio)));
    }
    for (int i = 0; i < running.size(); i++) {
      assertEquals(i % 2 == 0 ? first : second, running.get(i).join());
    }
  }

  @Test
  void aListenerThatFailsEndsItsOwnRunOnly() throws IOException {
    IllegalStateException failure = new IllegalStateException("enough");
    StageListener failing =
        event -> {
          throw failure;
        };
    assertEquals(
        failure,
        assertThrows(
            IllegalStateException.class,
            () -> diarizer.diarize(new Silence(1), SpeakerBounds.AUTO, failing)));
    // From another thread, which would wait forever for a lock that is still held.
    assertEquals(List.of(), CompletableFuture.supplyAsync(() -> turns(new Silence(1))).join());
  }

  @Test
  void twoRecordingsRunAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    StageListener meeting =
        event -> {
          if (event instanceof StageEvent.Segmented) {
            try {
              both.await(60, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException("the other recording does not run", e);
            }
          }
        };
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  diarizer.diarize(new Silence(1), SpeakerBounds.AUTO, meeting);
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    running.forEach(CompletableFuture::join);
  }

  @Test
  void moreRecordingsThanMayRunWaitAndAnInterruptEndsTheWait() throws Exception {
    try (Diarizer one = Diarizer.open(SmallModel.FOLDER, options -> options.withRecordings(1))) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch finish = new CountDownLatch(1);
      StageListener lingering =
          event -> {
            started.countDown();
            try {
              finish.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(
              () -> {
                try {
                  one.diarize(new Silence(1), SpeakerBounds.AUTO, lingering);
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              task -> Thread.ofPlatform().start(task));
      started.await();
      CompletableFuture<Throwable> second = new CompletableFuture<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      one.diarize(new Silence(1), SpeakerBounds.AUTO, StageListener.NONE);
                      second.complete(null);
                    } catch (IOException | RuntimeException e) {
                      second.complete(e);
                    }
                  });
      waiting.interrupt();
      assertInstanceOf(CancellationException.class, second.get(60, TimeUnit.SECONDS));
      finish.countDown();
      first.join();
      assertEquals(
          List.of(), one.diarize(new Silence(1), SpeakerBounds.AUTO, StageListener.NONE).turns());
    }
  }

  @Test
  void anInterruptCancelsTheRecordingAndLeavesTheDiarizerUsable() throws IOException {
    List<Turn> expected = turns(clip(0));
    List<StageEvent> seen = new ArrayList<>();
    try (AudioSource audio = clip(0)) {
      CancellationException e =
          assertThrows(
              CancellationException.class,
              () ->
                  diarizer.diarize(
                      audio,
                      SpeakerBounds.AUTO,
                      event -> {
                        seen.add(event);
                        if (event instanceof StageEvent.SpeakersCounted) {
                          Thread.currentThread().interrupt();
                        }
                      }));
      assertEquals("clip: cancelled, as its thread was interrupted", e.getMessage());
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
    }
    assertInstanceOf(StageEvent.SpeakersCounted.class, seen.getLast());
    assertEquals(expected, turns(clip(0)));
  }

  @Test
  void anInterruptWhileAFileIsOpenedCancelsItsRecording() {
    Thread.currentThread().interrupt();
    try {
      CancellationException e =
          assertThrows(CancellationException.class, () -> diarizer.diarize(SmallModel.RECORDING));
      assertEquals("dialogue-synthetic: cancelled, as its thread was interrupted", e.getMessage());
    } finally {
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
    }
  }

  @Test
  void whatIsMissingIsSaidBeforeAnyWork() {
    StageListener working =
        event -> {
          throw new AssertionError("already at work");
        };
    Silence silence = new Silence(1);
    assertNull("audio", null, SpeakerBounds.AUTO, working);
    assertNull("speakers", silence, null, working);
    assertNull("listener", silence, SpeakerBounds.AUTO, null);
  }

  @Test
  void aClosedDiarizerRefusesAndMayBeClosedAgain() throws IOException {
    Diarizer closed = Diarizer.open(SmallModel.FOLDER);
    closed.close();
    closed.close();
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> closed.diarize(new Silence(1), SpeakerBounds.AUTO, StageListener.NONE));
    assertEquals("the diarizer is closed", e.getMessage());
  }

  private static void assertNull(
      String name, AudioSource audio, SpeakerBounds speakers, StageListener listener) {
    NullPointerException e =
        assertThrows(NullPointerException.class, () -> diarizer.diarize(audio, speakers, listener));
    assertEquals(name, e.getMessage());
  }

  private static List<Turn> turns(AudioSource audio) {
    try (audio) {
      return diarizer.diarize(audio, SpeakerBounds.AUTO, StageListener.NONE).turns();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Five seconds of the recording that ships with the project. */
  private static AudioSource clip(int startSeconds) throws IOException {
    return new Clip(AudioFiles.open(SmallModel.RECORDING), startSeconds * 16000L, 80000);
  }

  /** A stretch of another source, which it closes. */
  private record Clip(AudioSource whole, long start, long samples) implements AudioSource {
    @Override
    public String uri() {
      return "clip";
    }

    @Override
    public void read(long firstSample, int count, float[] target, int offset) throws IOException {
      int held = (int) Math.clamp(samples - firstSample, 0L, count);
      whole.read(start + firstSample, held, target, offset);
      for (int i = held; i < count; i++) {
        target[offset + i] = 0;
      }
    }

    @Override
    public void close() throws IOException {
      whole.close();
    }
  }

  private record Silence(long samples) implements AudioSource {
    @Override
    public String uri() {
      return "silence";
    }

    @Override
    public void read(long firstSample, int count, float[] target, int offset) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = 0;
      }
    }

    @Override
    public void close() {}
  }
}
