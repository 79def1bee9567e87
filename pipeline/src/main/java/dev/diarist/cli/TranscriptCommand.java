package dev.diarist.cli;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioFiles;
import dev.diarist.transcript.Transcript;
import dev.diarist.transcript.TranscriptFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist transcript}: speakers on the words of a transcript. */
@Command(
    name = "transcript",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Put speakers on the words of a transcript by Whisper.")
final class TranscriptCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;

  @Parameters(index = "0", paramLabel = "TRANSCRIPT.json", description = "What was said.")
  private Path transcript;

  @Parameters(index = "1", paramLabel = "DIARIZATION.rttm", description = "Who spoke when.")
  private Path diarization;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "File for the result (default: standard output).")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "json (default), vtt, srt or txt.")
  private TranscriptFormat format = TranscriptFormat.JSON;

  @Option(
      names = "--uri",
      paramLabel = "NAME",
      description =
          "Name of the recording in the diarization, where that has several (default: the name of"
              + " the transcript).")
  private String uri;

  @Option(
      names = "--max-gap",
      paramLabel = "SECONDS",
      description =
          "How far the nearest turn may be from a word that lies in none (default:"
              + " ${DEFAULT-VALUE}); beyond, the word has no speaker.")
  private double maxGapSeconds = Transcript.DEFAULT_MAX_GAP_SECONDS;

  TranscriptCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Destination destination;
    try {
      if (!(maxGapSeconds >= 0)) {
        throw new IllegalArgumentException(
            "--max-gap must be 0 seconds or more, got " + maxGapSeconds);
      }
      destination =
          output == null
              ? new Destination.StandardOutput(surroundings.out())
              : Destination.oneFile(output, List.of(transcript, diarization));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    Annotation turns = turns(Rttm.read(diarization));
    StringBuilder text = new StringBuilder();
    format.write(Transcript.read(transcript).withSpeakers(turns.turns(), maxGapSeconds), text);
    destination.write("", "", text);
    return 0;
  }

  /** Of one recording there is no doubt; of several it is the one that is named. */
  private Annotation turns(Map<String, Annotation> recordings) throws IOException {
    if (uri == null && recordings.size() < 2) {
      return recordings.values().stream().findFirst().orElse(Annotation.of(List.of()));
    }
    String name = uri == null ? AudioFiles.uri(transcript) : uri;
    Annotation turns = recordings.get(name);
    if (turns == null) {
      throw new IOException(
          "%s: has no recording %s, only %s; choose one with --uri"
              .formatted(diarization, name, String.join(", ", recordings.keySet())));
    }
    return turns;
  }
}
