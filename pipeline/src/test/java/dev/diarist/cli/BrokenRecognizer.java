package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioSource;

/** Fails as code with a defect does. */
final class BrokenRecognizer implements Recognizer {
  @Override
  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener) {
    throw new IllegalStateException("two\n  lines");
  }

  @Override
  public void close() {}
}
