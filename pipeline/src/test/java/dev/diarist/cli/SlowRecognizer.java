package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import java.io.IOException;

/**
 * Reports four of three steps, as batches do, which follow each other faster than the bar is
 * redrawn.
 */
record SlowRecognizer(Recognizer recognizer) implements Recognizer {
  @Override
  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    for (int completed = 1; completed <= 4; completed++) {
      listener.on(DiarizeCommandTest.progress(completed));
    }
    return recognizer.diarize(audio, speakers, listener);
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
  public void close() {
    recognizer.close();
  }
}
