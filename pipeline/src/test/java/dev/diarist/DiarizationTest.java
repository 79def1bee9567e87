package dev.diarist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiarizationTest {

  @Test
  void withoutOverlapOnlyThoseWhoStillSpeakHaveEmbeddings() {
    Turn a = new Turn(0, 3, "A");
    Turn b = new Turn(1, 2, "B");
    Turn c = new Turn(4, 5, "C");
    Diarization diarization =
        new Diarization(
            "talk",
            List.of(a, b, c),
            List.of(a, c),
            new float[][] {{1}, {2}, {3}},
            List.of("warned"));
    Diarization exclusive = diarization.withoutOverlap();
    assertEquals(List.of(a, c), exclusive.turns());
    assertEquals(List.of("A", "C"), exclusive.speakers());
    assertArrayEquals(new float[][] {{1}, {3}}, exclusive.speakerEmbeddings());
    assertEquals(List.of("warned"), exclusive.warnings());
  }
}
