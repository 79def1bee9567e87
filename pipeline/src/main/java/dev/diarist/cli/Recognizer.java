package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.DiarizerOptions;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** What the command line asks of a {@link Diarizer}. */
interface Recognizer extends AutoCloseable {

  Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
      throws IOException;

  /** The same with the clusters that come nearest to a reference. */
  Diarization diarize(
      AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
      throws IOException;

  /** What tells the embedding weights from others. */
  String embeddingModel();

  @Override
  void close();

  /** Opens the model in a folder. */
  @FunctionalInterface
  interface Opener {
    /**
     * @param overrides applied to the options that the model's configuration gives
     */
    Recognizer open(Path model, UnaryOperator<DiarizerOptions> overrides) throws IOException;
  }

  /** A diarizer over the model. */
  static Recognizer of(Path model, UnaryOperator<DiarizerOptions> overrides) throws IOException {
    Diarizer diarizer = Diarizer.open(model, overrides);
    return new Recognizer() {
      @Override
      public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
          throws IOException {
        return diarizer.diarize(audio, speakers, listener);
      }

      @Override
      public Diarization diarize(
          AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
          throws IOException {
        return diarizer.diarize(audio, reference, speakers, listener);
      }

      @Override
      public String embeddingModel() {
        return diarizer.embeddingModel();
      }

      @Override
      public void close() {
        diarizer.close();
      }
    };
  }
}
