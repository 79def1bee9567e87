package dev.diarist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.audio.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerChannelTest {
  private static Diarization one(float embedding, List<String> warnings, Turn... turns) {
    return new Diarization(
        "call", List.of(turns), List.of(turns[0]), new float[][] {{embedding}}, warnings);
  }

  @Test
  void eachChannelIsHeardByItself() throws IOException {
    List<Float> heard = new ArrayList<>();
    float[][] channels = {{0.25f, 0.25f, 0.25f}, {-1f, -1f, -1f}, {0f, 0f, 0f}};
    try (Recording call = Recording.of("call", channels, 16000)) {
      Diarization diarization =
          PerChannel.diarize(
              call,
              channel -> {
                float[] sample = new float[1];
                channel.read(1, 1, sample, 0);
                heard.add(sample[0]);
                return one(sample[0], List.of(), new Turn(0, 1, "SPEAKER_00"));
              });
      assertEquals(
          List.of("CH0_SPEAKER_00", "CH1_SPEAKER_00", "CH2_SPEAKER_00"), diarization.speakers());
    }
    assertEquals(List.of(0.25f, -1f, 0f), heard);
  }

  @Test
  void turnsOfAllChannelsAreInTheOrderOfTime() {
    Diarization call =
        PerChannel.merge(
            "call",
            List.of(
                one(1, List.of(), new Turn(0, 2, "SPEAKER_00"), new Turn(5, 6, "SPEAKER_00")),
                one(
                    2,
                    List.of("few"),
                    new Turn(0, 1, "SPEAKER_00"),
                    new Turn(5, 6, "SPEAKER_00"))));
    assertEquals(
        List.of(
            new Turn(0, 1, "CH1_SPEAKER_00"),
            new Turn(0, 2, "CH0_SPEAKER_00"),
            new Turn(5, 6, "CH0_SPEAKER_00"),
            new Turn(5, 6, "CH1_SPEAKER_00")),
        call.turns());
    assertEquals(
        List.of(new Turn(0, 1, "CH1_SPEAKER_00"), new Turn(0, 2, "CH0_SPEAKER_00")),
        call.exclusive());
    assertEquals("call", call.uri());
    assertEquals(List.of("channel 1: few"), call.warnings());
  }

  @Test
  void embeddingsStandInTheOrderOfTheNamesEvenWithElevenChannels() {
    List<Diarization> channels = new ArrayList<>();
    for (int c = 0; c < 11; c++) {
      channels.add(one(c, List.of(), new Turn(20 - c, 30, "SPEAKER_00")));
    }
    Diarization call = PerChannel.merge("call", channels);
    assertEquals("CH02_SPEAKER_00", call.speakers().get(2));
    assertEquals("CH10_SPEAKER_00", call.speakers().get(10));
    for (int c = 0; c < 11; c++) {
      assertArrayEquals(new float[] {c}, call.speakerEmbeddings()[c]);
    }
  }
}
