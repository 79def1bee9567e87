package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowFoldTest {

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void windowsAreFoldedAsInPlainLoopsWhenTheirHalvesAreNoMultipleOfTheLanes(int lanes) {
    for (int half : new int[] {1, lanes, 3 * lanes + 2, 3 * lanes + 3}) {
      int apart = WindowFold.depth(half) + 3;
      float[] x = Networks.noise(1 + 5 * 4 + 2 * half + 1, half);
      float[] expected = Networks.noise(2 + 2 * 5 * apart, 9); // what lies between rows must stay
      float[] actual = expected.clone();
      int odd = 2 + 5 * apart;
      Kernels.scalar(lanes).fold().fold(5, half, x, 1, 4, expected, 2, odd, apart);
      Kernels.ofLanes(lanes).fold().fold(5, half, x, 1, 4, actual, 2, odd, apart);
      assertArrayEquals(expected, actual);
    }
  }

  @Test
  void aFoldedWindowHasSumsAndDifferencesOfWhatIsAsFarFromItsMiddle() {
    float[] x = {1, 2, 4, 8, 16};
    float[] folded = new float[8];
    Arrays.fill(folded, -1);
    new ScalarWindowFold().fold(1, 2, x, 0, 1, folded, 0, 4, 4);
    assertEquals(4, WindowFold.depth(2));
    assertArrayEquals(new float[] {17, 10, 4, 0, -15, -6, 0, 0}, folded);
    assertEquals(126, WindowFold.depth(125));
  }
}
