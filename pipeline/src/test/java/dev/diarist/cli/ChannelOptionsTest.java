package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelOptionsTest {
  @TempDir private Path folder;
  private final List<Float> heard = new ArrayList<>();
  private String call;

  /** Two channels at 16 kHz, of 0.5 and of −0.25. */
  @BeforeEach
  void makeCall() throws IOException {
    ByteBuffer wav = ByteBuffer.allocate(44 + 400).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes()).putInt(36 + 400).put("WAVEfmt ".getBytes()).putInt(16);
    wav.putShort((short) 1).putShort((short) 2).putInt(16000).putInt(64000);
    wav.putShort((short) 4).putShort((short) 16).put("data".getBytes()).putInt(400);
    while (wav.hasRemaining()) {
      wav.putShort((short) 16384).putShort((short) -8192);
    }
    call = Files.write(folder.resolve("call.wav"), wav.array()).toString();
  }

  @Test
  void withoutOptionsTheMeanOfAllChannelsIsHeard() {
    assertEquals(0, run(call).code());
    assertEquals(List.of(0.125f), heard);
  }

  @Test
  void oneChannelIsHeardCountedFromZero() {
    assertEquals(0, run("--channel=1", call).code());
    assertEquals(0, run("--channel", "0", call).code());
    assertEquals(List.of(-0.25f, 0.5f), heard);
  }

  @Test
  void aChannelThatARecordingLacksIsItsFailure() {
    CommandLineRun run = run("--channel=2", call);
    assertEquals(1, run.code());
    assertEquals("diarist: " + call + ": has no channel 2; it has 2, counted from 0\n", run.err());
  }

  @Test
  void perChannelHearsAllAndNamesTheirSpeakers() {
    CommandLineRun run = run("--per-channel", call);
    assertEquals(
        """
        SPEAKER call 1 1.000 1.000 <NA> <NA> CH0_SPEAKER_00 <NA> <NA>
        SPEAKER call 1 1.000 1.000 <NA> <NA> CH1_SPEAKER_00 <NA> <NA>
        """,
        run.out());
    assertEquals("diarist: " + call + ": warning: channel 1: too quiet\n", run.err());
    assertEquals(List.of(0.5f, -0.25f), heard);
  }

  @Test
  void oneChannelAndEachOfThemIsAContradiction() {
    CommandLineRun run = run("--channel=1", "--per-channel", call);
    assertEquals(2, run.code());
    assertTrue(run.err().startsWith("diarist: --per-channel goes without --channel"), run.err());
    CommandLineRun negative = run("--channel=-1", call);
    assertEquals(2, negative.code());
    assertTrue(
        negative.err().startsWith("diarist: channel must be at least 0, got -1"), negative.err());
  }

  private CommandLineRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("diarize", "--model=m"));
    all.addAll(List.of(arguments));
    return CommandLineRun.of((model, overrides) -> new Hearer(), all.toArray(String[]::new));
  }

  /** Remembers a sample of what it hears. */
  private final class Hearer implements Recognizer {
    @Override
    public Diarization diarize(
        AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
        throws IOException {
      return diarize(audio, speakers, listener);
    }

    @Override
    public String embeddingModel() {
      return "fixed";
    }

    @Override
    public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
        throws IOException {
      float[] sample = new float[1];
      audio.read(7, 1, sample, 0);
      heard.add(sample[0]);
      return new Diarization(
          audio.uri(),
          List.of(new Turn(1, 2, "SPEAKER_00")),
          List.of(new Turn(1, 2, "SPEAKER_00")),
          new float[1][1],
          sample[0] < 0 ? List.of("too quiet") : List.of());
    }

    @Override
    public void close() {}
  }
}
