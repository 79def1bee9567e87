package dev.diarist.segmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameGridTest {
  private static final SlidingWindow CHUNKS = new SlidingWindow(0, 10, 1);
  private static final SlidingWindow FRAMES = new SlidingWindow(0, 0.0619375, 0.016875);

  @Test
  void chunksStartAtTheFramesPyannoteGivesThem() {
    FrameGrid grid = new FrameGrid(12, 589, CHUNKS, FRAMES);
    assertArrayEquals(
        new int[] {0, 59, 119, 178, 237, 296, 356, 415, 474, 533, 593, 652},
        IntStream.range(0, 12).map(grid::firstFrame).toArray());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 594", "2, 653", "3, 712", "11, 1186", "60, 4090", "3600, 213868"})
  void fileHasAsManyFramesAsInPyannote(int chunks, int frames) {
    assertEquals(frames, new FrameGrid(chunks, 589, CHUNKS, FRAMES).frames());
  }

  @Test
  void eachFrameIsVisitedOnceWithTheChunksThatCoverIt() {
    FrameGrid grid = new FrameGrid(3, 4, new SlidingWindow(0, 4, 2), new SlidingWindow(0, 1, 1));
    List<String> visits = new ArrayList<>();
    grid.forEachFrame((frame, first, end) -> visits.add(frame + ":" + first + "-" + end));
    assertEquals(
        List.of("0:0-1", "1:0-1", "2:0-2", "3:0-2", "4:1-3", "5:1-3", "6:2-3", "7:2-3", "8:3-3"),
        visits);
  }

  @Test
  void chunksLongerThanTheirDurationAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new FrameGrid(1, 595, CHUNKS, FRAMES));
  }
}
