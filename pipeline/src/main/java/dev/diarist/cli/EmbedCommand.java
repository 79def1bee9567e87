package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backends;
import dev.diarist.voices.EmbeddingFormat;
import dev.diarist.voices.SpeakerEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diarist embed}: one embedding for each recording. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Write one speaker embedding for each whole recording.")
final class EmbedCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private RecordingInputs inputs;
  @Mixin private ChannelOptions channels;
  @Mixin private Batch batch;

  @Option(
      names = "--model",
      paramLabel = "DIR|FILE",
      description =
          "Folder of the model, or checkpoint of its embedding (default: the model that comes"
              + " with Diarist).")
  private Path model;

  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description =
          "File for the result of one recording, or folder for one file each (default: standard"
              + " output).")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "json or npy (default: json, unless FILE ends with .npy).")
  private EmbeddingFormat format;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What runs the network (default: auto).")
  private String backend = Backends.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private Integer threads;

  EmbedCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> recordings;
    AudioOptions audioOptions;
    DiarizerOptions options;
    Destination destination;
    try {
      ModelOptions.requireModel(model);
      audioOptions = channels.audio();
      batch.jobs();
      options = options();
      recordings = inputs.recordings();
      if (format == null) {
        format = output == null ? EmbeddingFormat.JSON : EmbeddingFormat.of(output);
      }
      if (output == null && format == EmbeddingFormat.NPY) {
        throw new IllegalArgumentException("--format npy needs a file: name one with --output");
      }
      destination = Destination.of(output, recordings, format.extension(), surroundings.out());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try (SpeakerEmbedder embedder = open(options)) {
      return batch.run(
          recordings,
          surroundings,
          recording -> {
            try (AudioSource audio = AudioFiles.open(recording, audioOptions)) {
              float[] embedding = embedder.embed(audio);
              String uri = audio.uri();
              return () ->
                  destination.stream(
                      uri, format.extension(), out -> format.write(uri, embedding, out));
            }
          });
    }
  }

  private DiarizerOptions options() {
    Backends.requireKnown(backend);
    DiarizerOptions options = DiarizerOptions.defaults().withBackend(backend);
    return threads == null ? options : options.withThreads(threads);
  }

  private SpeakerEmbedder open(DiarizerOptions options) throws IOException {
    Path found = ModelOptions.orDefault(model);
    try {
      return SpeakerEmbedder.open(found, options);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(found, e), e);
    }
  }
}
