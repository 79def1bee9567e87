package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.backend.CacheLine;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {

  @Test
  void valuesComeBackFromEveryLayout() {
    for (Layout layout :
        List.of(
            new Layout.RowMajor(30),
            Layout.channelsLast(5, 6),
            new Layout.Image(5, 2, 3, 8, 1),
            new Layout.Image(1, 5, 6, 1, 2))) {
      float[] values = Networks.noise(30, 1);
      float[] laidOut = new float[layout.size()];
      float[] back = new float[32];
      layout.fromRowMajor(values, laidOut);
      layout.toRowMajor(laidOut, back, 2);
      for (int i = 0; i < 30; i++) {
        assertEquals(values[i], back[i + 2], layout.toString());
      }
    }
  }

  @Test
  void channelsLieSideBySide() {
    float[] out = new float[6];
    Layout.channelsLast(2, 3).fromRowMajor(new float[] {1, 2, 3, 10, 20, 30}, out);
    assertArrayEquals(new float[] {1, 10, 2, 20, 3, 30}, out);
    assertEquals(new Layout.RowMajor(3), Layout.channelsLast(1, 3));
  }

  @Test
  void anImageHasRoomForItsBorderAndForWholeTiles() {
    Layout.Image image = new Layout.Image(3, 5, 9, 4, 1);
    assertEquals((1 + 12 + 1) * 4, image.row()); // 9 columns make 3 tiles of 4
    assertEquals(CacheLine.START + (1 + 8 + 1) * image.row(), image.size());
    assertEquals(CacheLine.START + image.row() + 4, image.at(0, 0));
    assertEquals(CacheLine.START, image.at(-1, -1));
  }
}
