package dev.diarist;

import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Answers who spoke when. */
public final class Diarizer implements AutoCloseable {
  private Diarizer() {}

  public static Diarizer open(Path model, UnaryOperator<DiarizerOptions> overrides)
      throws IOException {
    throw new IOException(model + ": cannot be opened yet");
  }

  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    throw new IOException("cannot diarize yet");
  }

  @Override
  public void close() {}
}
