package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.DiarizerOptions;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Hears the same two turns in every recording, and remembers what it was asked. */
final class FixedRecognizer implements Recognizer, Recognizer.Opener {
  final List<String> heard = new ArrayList<>();
  List<String> warnings = List.of();
  float[][] embeddings = new float[2][1];

  /** What happens elsewhere while a recording is heard. */
  Runnable meanwhile = () -> {};

  Path model;
  DiarizerOptions options;
  SpeakerBounds speakers;
  Annotation oracle;
  int closed;

  @Override
  public Recognizer open(Path model, UnaryOperator<DiarizerOptions> overrides) {
    this.model = model;
    options = overrides.apply(DiarizerOptions.defaults());
    return this;
  }

  @Override
  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    this.speakers = speakers;
    audio.read(0, 1, new float[1], 0);
    heard.add(audio.uri());
    meanwhile.run();
    // 0.0625 and 2.1875 lie between two milliseconds and are rounded to the even one.
    return new Diarization(
        audio.uri(),
        List.of(new Turn(0.0625, 1.5, "SPEAKER_01"), new Turn(2, 2.1875, "SPEAKER_00")),
        List.of(new Turn(0.0625, 1.5, "SPEAKER_01")),
        embeddings,
        warnings);
  }

  @Override
  public Diarization diarize(
      AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    oracle = reference;
    return diarize(audio, speakers, listener);
  }

  @Override
  public String embeddingModel() {
    return "fixed";
  }

  @Override
  public void close() {
    closed++;
  }
}
