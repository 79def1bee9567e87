package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.voices.Voice;
import dev.diarist.voices.VoiceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist enrol}: a voice to recognize later. */
@Command(
    name = "enrol",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Learn a voice from recordings in which one person speaks, for 'diarize --voices'. A voice"
            + " that is known learns from more recordings.")
final class EnrolCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private ModelOptions model;
  @Mixin private ChannelOptions channels;

  @Parameters(index = "0", paramLabel = "NAME", description = "Whose voice it is.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "AUDIO",
      description = "Recordings of that person alone.")
  private List<Path> recordings;

  @Option(
      names = "--voices",
      paramLabel = "FILE",
      required = true,
      description = "Where voices are kept; made where there is none.")
  private Path voices;

  @Option(names = "--replace", description = "Forget what is known of this voice first.")
  private boolean replace;

  EnrolCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** All recordings are learnt from, or none is. */
  @Override
  public Integer call() throws IOException {
    AudioOptions audioOptions;
    try {
      model.check();
      Voice.requireName(name);
      audioOptions = channels.audio();
      Destination.oneFile(voices, recordings);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try (Recognizer recognizer = model.open(surroundings.models())) {
      VoiceStore store = store(recognizer.embeddingModel());
      List<float[]> embeddings = new ArrayList<>();
      for (Path recording : recordings) {
        try (AudioSource audio = AudioFiles.open(recording, audioOptions)) {
          embeddings.add(embedding(audio, recognizer));
          store.enrol(name, embeddings.getLast()); // what is wrong with it is of this recording
        } catch (IllegalArgumentException e) {
          throw new IOException(Failure.sentence(recording, e), e);
        }
      }
      store = store(recognizer.embeddingModel()); // others may have learnt voices meanwhile
      for (float[] embedding : embeddings) {
        store = store.enrol(name, embedding);
      }
      store.write(voices);
    }
    return 0;
  }

  private VoiceStore store(String embeddingModel) throws IOException {
    if (!Files.exists(voices)) {
      return VoiceStore.empty(embeddingModel);
    }
    VoiceStore store = VoiceStore.read(voices);
    try {
      store.requireModel(embeddingModel);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(voices, e), e);
    }
    return replace ? store.without(name) : store;
  }

  /** Of the speech alone, as diarizations have it. */
  private static float[] embedding(AudioSource audio, Recognizer recognizer) throws IOException {
    Diarization diarization =
        recognizer.diarize(audio, SpeakerBounds.exactly(1), StageListener.NONE);
    if (diarization.speakerEmbeddings().length == 0) {
      throw new AudioException(audio.uri() + ": nobody speaks, so that there is no voice to learn");
    }
    return diarization.speakerEmbeddings()[0];
  }
}
