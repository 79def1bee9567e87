package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static TrainingRecording recording(double seconds, Segment... annotated) {
    return new TrainingRecording(
        "r", Path.of("r.wav"), seconds, Annotation.of(List.of()), List.of(annotated));
  }

  private static List<Double> starts(List<ChunkPlace> places) {
    return places.stream().map(ChunkPlace::startSeconds).toList();
  }

  private static SplittableRandom random() {
    return new SplittableRandom(1);
  }

  @Test
  void diarizersTakesChunksThatOverlapByHalfAndEndBeforeTheRecording() {
    List<TrainingRecording> set = List.of(recording(30), recording(10), recording(10.5));
    List<ChunkPlace> places = Sampling.DIARIZERS.training(set, 10, 32, random());
    assertEquals(List.of(0.0, 5.0, 10.0, 15.0, 0.0), starts(places));
    assertEquals(List.of(0, 0, 0, 0, 2), places.stream().map(ChunkPlace::recording).toList());
    assertEquals(List.of(0.0, 10.0, 0.0), starts(Sampling.DIARIZERS.development(set, 10)));
  }

  @Test
  void pyannoteDrawsFromAnnotatedPartsInProportionToTheirLength() {
    List<TrainingRecording> set =
        List.of(
            recording(100, new Segment(10, 40), new Segment(50, 55)),
            recording(200, new Segment(0, 90)));
    List<ChunkPlace> places = Sampling.PYANNOTE.training(set, 10, 4000, random());
    assertEquals(4000, places.size());
    int first = 0;
    for (ChunkPlace place : places) {
      double start = place.startSeconds();
      first += place.recording() == 0 ? 1 : 0;
      assertTrue(
          place.recording() == 0 ? start >= 10 && start <= 30 : start >= 0 && start <= 80,
          place.toString());
    }
    assertEquals(1000, first, 100); // 30 of 120 s; the short part is left out
    assertEquals(12, Sampling.PYANNOTE.training(set, 10, 1, random()).size());
    assertEquals(
        List.of(10.0, 20.0, 30.0), starts(Sampling.PYANNOTE.development(set.subList(0, 1), 10)));
    assertEquals(places, Sampling.PYANNOTE.training(set, 10, 4000, random()));
  }

  @Test
  void recordingsWithoutALongPartGiveNoChunk() {
    assertEquals(
        List.of(),
        Sampling.PYANNOTE.training(List.of(recording(20, new Segment(0, 9))), 10, 8, random()));
  }

  @Test
  void anUnknownNameIsRefused() {
    assertEquals(Sampling.PYANNOTE, Sampling.of("pyannote"));
    Exception refused = assertThrows(IllegalArgumentException.class, () -> Sampling.of("random"));
    assertEquals("sampling must be diarizers or pyannote, got random", refused.getMessage());
  }
}
