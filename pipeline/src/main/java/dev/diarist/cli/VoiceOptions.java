package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.RecognizedSpeaker;
import dev.diarist.voices.EmbeddingFormat;
import dev.diarist.voices.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whose voices are known, and where the embeddings of speakers go. */
final class VoiceOptions {
  @Option(
      names = "--voices",
      paramLabel = "FILE",
      description = "Names the speakers whose voices 'diarist enrol' put into FILE.")
  private Path voices;

  @Option(
      names = "--voice-threshold",
      paramLabel = "COSINE",
      description =
          "How similar a speaker must be to be taken for a voice (default: ${DEFAULT-VALUE}).")
  private double threshold = VoiceStore.DEFAULT_THRESHOLD;

  @Option(
      names = "--embeddings",
      paramLabel = "FILE|DIR",
      description =
          "File for the embeddings of one recording's speakers, or folder for one file each.")
  private Path embeddings;

  @Option(
      names = "--embeddings-format",
      paramLabel = "FORMAT",
      description = "json or npy (default: json, unless FILE ends with .npy).")
  private EmbeddingFormat format;

  private VoiceStore store;
  private Destination destination;

  /**
   * Reads the voices and makes the destination of the embeddings ready.
   *
   * @param kept what embeddings may not take the place of, null among them for none
   * @throws IllegalArgumentException if an option is out of range
   */
  void prepare(List<Path> recordings, List<Path> kept) throws IOException {
    VoiceStore.requireThreshold(threshold);
    if (voices != null) {
      store = VoiceStore.read(voices);
    }
    if (embeddings != null) {
      format = format == null ? EmbeddingFormat.of(embeddings) : format;
      destination = Destination.of(embeddings, recordings, extension(), null);
      if (destination instanceof Destination.OneFile(Path file)) {
        requireOther(file, kept);
      }
    } else if (format != null) {
      throw new IllegalArgumentException("--embeddings-format goes with --embeddings");
    }
  }

  private static void requireOther(Path file, List<Path> kept) throws IOException {
    Destination.requireNoInput(file, kept);
    for (Path other : kept) {
      if (other != null && other.toAbsolutePath().equals(file.toAbsolutePath())) {
        throw new IllegalArgumentException(file + ": embeddings need a file of their own");
      }
    }
  }

  /** The file of the voices; null for none. */
  Path file() {
    return voices;
  }

  /** Apart from the results in the same folder, which may be JSON as well. */
  private String extension() {
    return "embeddings." + format.extension();
  }

  /**
   * @throws IOException if the voices are those of another model
   */
  void check(Recognizer recognizer) throws IOException {
    if (store != null) {
      try {
        store.requireModel(recognizer.embeddingModel());
      } catch (IllegalArgumentException e) {
        throw new IOException(Failure.sentence(voices, e), e);
      }
    }
  }

  /** The diarization with the names of known voices. */
  Diarization name(Diarization diarization) {
    return store == null ? diarization : store.name(diarization, threshold);
  }

  /** Says who was recognized. */
  static void tell(Path recording, Diarization diarization, Surroundings surroundings) {
    for (RecognizedSpeaker known : diarization.recognized()) {
      surroundings.tell(
          String.format(
              Locale.ROOT,
              "%s: %s is %s (similarity %.3f)",
              recording,
              known.label(),
              known.speaker(),
              known.similarity()));
    }
  }

  /** Where the embeddings are asked for, whether those of a recording are there already. */
  boolean isDone(Path recording) throws IOException {
    return destination == null || destination.result(recording, extension()).isPresent();
  }

  /** Writes the embeddings where they are asked for. */
  void write(Diarization diarization) throws IOException {
    if (destination != null) {
      destination.stream(diarization.uri(), extension(), out -> format.write(diarization, out));
    }
  }
}
