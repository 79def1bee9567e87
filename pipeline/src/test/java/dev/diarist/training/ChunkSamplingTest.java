package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkSamplingTest {
  @TempDir Path folder;

  private ChunkSource source() throws IOException {
    TrainingFolder.write(folder, "a", 3, 1); // exactly three chunks of a second
    TrainingFolder.write(folder, "b", 7.5, 2);
    Files.writeString(folder.resolve("b.uem"), "b 1 0.0 2.5\nb 1 3.0 3.5\n");
    return ChunkSource.open(
        Dataset.open(folder.toString()), folder, (uri, reason) -> assertEquals("", reason));
  }

  private static TrainingSettings settings(ChunkSampling sampling, long seed) {
    return new TrainingSettings(1, 1e-3, 2, "constant", 0, 0, 1, List.of(), sampling, true, seed);
  }

  @Test
  void diarizersTakesEveryHalfChunkButTheLastOfARecording() throws IOException {
    try (ChunkSource source = source()) {
      List<ChunkPlace> expected = ChunkSampling.consecutive(source, 1, 0.5);
      // before 3 − 1 s: 0, 0.5, 1, 1.5; before 7.5 − 1 s: 0, …, 6
      assertEquals(4 + 13, expected.size());
      List<ChunkPlace> epoch =
          ChunkSampling.DIARIZERS.epoch(source, 1, settings(ChunkSampling.DIARIZERS, 1), 1);
      assertNotEquals(expected, epoch);
      assertEquals(new HashSet<>(expected), new HashSet<>(epoch));
      assertEquals(2 + 7, ChunkSampling.DIARIZERS.development(source, 1).size());
    }
  }

  @Test
  void pyannoteStaysWithinRegionsThatHoldAChunk() throws IOException {
    try (ChunkSource source = source()) {
      TrainingSettings settings = settings(ChunkSampling.PYANNOTE, 1);
      List<ChunkPlace> epoch = ChunkSampling.PYANNOTE.epoch(source, 1, settings, 1);
      assertEquals(6, epoch.size()); // ⌈3 + 2.5⌉
      assertEquals(epoch, ChunkSampling.PYANNOTE.epoch(source, 1, settings, 1));
      assertNotEquals(epoch, ChunkSampling.PYANNOTE.epoch(source, 1, settings, 2));
      int ofFirst = 0;
      for (int n = 1; n <= 500; n++) {
        for (ChunkPlace place : ChunkSampling.PYANNOTE.epoch(source, 1, settings, n)) {
          double end = place.recording() == 0 ? 3 : 2.5;
          assertTrue(place.startSeconds() >= 0 && place.startSeconds() + 1 <= end, "" + place);
          ofFirst += place.recording() == 0 ? 1 : 0;
        }
      }
      assertEquals(3 / 5.5, ofFirst / 3000.0, 0.03); // three standard deviations
      assertEquals(
          List.of(
              new ChunkPlace(0, 0),
              new ChunkPlace(0, 1),
              new ChunkPlace(0, 2),
              new ChunkPlace(1, 0),
              new ChunkPlace(1, 1)),
          ChunkSampling.PYANNOTE.development(source, 1));
    }
  }

  private static Track track(double start, double end, String label) {
    return new Track(new Segment(start, end), label + start, label);
  }

  @Test
  void targetsCoverTheFramesWhoseMiddlesAreNearestToTheEnds() {
    ChunkTargets targets = new ChunkTargets(10, 3, 1, 0.1, 0.1); // middles at 0.05, 0.15, …
    Annotation annotation =
        Annotation.of(List.of(track(4.5, 5.32, "z"), track(5.28, 5.61, "a"), track(5.97, 7, "z")));
    byte[] sets = new byte[12];
    targets.write(annotation, 5, sets, 1);
    // z is first: frames 0 to 3, and 9; a: frames 2 to 6, as (0.61 − 0.05)/0.1 = 5.6
    assertArrayEquals(new byte[] {0, 1, 1, 3, 3, 2, 2, 2, 0, 0, 1, 0}, sets);
  }

  @Test
  void ofTooManySpeakersThoseWithMostFramesStay() {
    ChunkTargets targets = new ChunkTargets(10, 2, 1, 0.1, 0.1);
    Annotation annotation =
        Annotation.of(
            List.of(track(0, 0.15, "few"), track(0.25, 0.55, "some"), track(0.35, 0.95, "most")));
    byte[] sets = new byte[10];
    targets.write(annotation, 0, sets, 0);
    // "most" becomes speaker 0, "some" speaker 1
    assertArrayEquals(new byte[] {0, 0, 2, 3, 3, 3, 1, 1, 1, 1}, sets);
  }

  @Test
  void aSegmentThatEndsBeforeTheFirstMiddleCoversNothing() {
    ChunkTargets targets = new ChunkTargets(10, 3, 1, 0.01, 0.2); // the first middle is at 0.1
    byte[] sets = new byte[10];
    targets.write(Annotation.of(List.of(track(0, 5.05, "a"))), 5, sets, 0);
    assertArrayEquals(new byte[10], sets);
  }
}
