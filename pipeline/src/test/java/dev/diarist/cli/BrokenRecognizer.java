package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import java.io.IOException;

/** Fails as code with a defect does. */
final class BrokenRecognizer implements Recognizer {
  @Override
  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener) {
    throw new IllegalStateException("two\n  lines");
  }

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
  public void close() {}
}
