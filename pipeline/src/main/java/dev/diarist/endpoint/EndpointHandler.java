package dev.diarist.endpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.DiarizationJson;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.endpoint.EndpointException.Reason;
import dev.diarist.endpoint.EndpointRequest.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers the requests of a Hugging Face endpoint for pyannote/speaker-diarization-3.1. A service
 * around it is one line: {@code Response answer = handler.respond(body);}.
 *
 * <p>Bytes are written to a temporary file for as long as the request takes. May be called from
 * many threads where what diarizes may.
 *
 * <p>Source: {@code handler.py} of that model.
 */
public final class EndpointHandler {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What a temporary file is called in messages. */
  private static final String INPUTS = "inputs";

  private static final int LONGEST_NAME = 4096;

  private final Recognition recognition;
  private final Optional<Path> folder;

  /** What diarizes. */
  @FunctionalInterface
  public interface Recognition {
    /**
     * @throws IOException if the audio cannot be read
     */
    Diarization diarize(AudioSource audio, SpeakerBounds speakers) throws IOException;
  }

  /**
   * An answer as HTTP has it.
   *
   * @param status 200, or what {@link Reason#status} says
   * @param json the diarization, or {@code {"error": …, "reason": …}}
   */
  public record Response(int status, String json) {}

  private EndpointHandler(Recognition recognition, Optional<Path> folder) {
    this.recognition = Objects.requireNonNull(recognition, "recognition");
    this.folder = folder;
  }

  /**
   * A handler that takes recordings from the requests alone.
   *
   * @param diarizer stays open
   */
  public static EndpointHandler of(Diarizer diarizer) {
    return of((audio, speakers) -> diarizer.diarize(audio, speakers, StageListener.NONE));
  }

  /** The same for anything that diarizes. */
  public static EndpointHandler of(Recognition recognition) {
    return new EndpointHandler(recognition, Optional.empty());
  }

  /**
   * This handler, which also takes the name of a file in {@code folder} or below for {@code
   * inputs}. Whoever may ask may then have any recording there diarized, and none elsewhere.
   *
   * @throws IOException if there is no such folder
   */
  public EndpointHandler readingBelow(Path folder) throws IOException {
    return new EndpointHandler(recognition, Optional.of(folder.toRealPath()));
  }

  /**
   * Answers a body in JSON; whatever happens is an answer.
   *
   * @param json in UTF-8; not modified
   */
  public Response respond(byte[] json) {
    try {
      return new Response(200, handle(EndpointRequest.parse(json)));
    } catch (EndpointException e) {
      String error =
          MAPPER
              .createObjectNode()
              .put("error", e.getMessage())
              .put("reason", e.reason().name())
              .toString();
      return new Response(e.reason().status(), error);
    }
  }

  /**
   * Answers with {@code {"diarization": [{"speaker": …, "start": "0.031", "end": "2.345"}, …]}}.
   *
   * @throws EndpointException if the request cannot be answered
   */
  public String handle(EndpointRequest request) throws EndpointException {
    Optional<Path> named = named(request.inputs());
    Diarization diarization =
        named.isPresent()
            ? diarize(named.get(), request.speakers())
            : diarize(bytes(request.inputs()), request.speakers());
    return DiarizationJson.strings(diarization.turns());
  }

  /** The file below the folder that the inputs name; empty where they name none. */
  private Optional<Path> named(Inputs inputs) {
    if (folder.isEmpty()
        || !(inputs instanceof Inputs.Text(String text))
        || text.isEmpty()
        || text.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    try {
      Path file = folder.get().resolve(text).toRealPath(); // links included
      return file.startsWith(folder.get()) && Files.isRegularFile(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // no such file; it may be base64
    }
  }

  private byte[] bytes(Inputs inputs) throws EndpointException {
    return switch (inputs) {
      case Inputs.Bytes(byte[] bytes) -> bytes;
      case Inputs.Text(String text) -> {
        try {
          yield Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
          throw new EndpointException(
              Reason.INVALID_INPUTS,
              "inputs must be an audio file in base64"
                  + (folder.isPresent() ? ", or the name of one that is here" : "")
                  + ", found \""
                  + (text.length() <= 40 ? text : text.substring(0, 40) + "…")
                  + "\"",
              e);
        }
      }
    };
  }

  private Diarization diarize(byte[] bytes, SpeakerBounds speakers) throws EndpointException {
    Path file = null;
    try {
      file = Files.createTempFile("diarist-inputs", ".audio");
      Files.write(file, bytes);
      return diarize(file, speakers);
    } catch (IOException e) {
      throw new EndpointException(Reason.FAILED, "the inputs could not be kept: " + e, e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) throws EndpointException {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new EndpointException(Reason.FAILED, "the inputs could not be removed: " + e, e);
    }
  }

  private Diarization diarize(Path file, SpeakerBounds speakers) throws EndpointException {
    try (AudioSource audio = AudioFiles.open(file)) {
      return recognition.diarize(audio, speakers);
    } catch (AudioException e) {
      throw new EndpointException(Reason.UNREADABLE_AUDIO, unplaced(e.getMessage(), file), e);
    } catch (IOException | RuntimeException e) {
      throw new EndpointException(
          Reason.FAILED, "the recording could not be diarized: " + unplaced(e.toString(), file), e);
    }
  }

  /** Where the file lies is nobody's business; audio names it by its path, or first by its stem. */
  private static String unplaced(String sentence, Path file) {
    String unplaced = sentence.replace(file.toString(), INPUTS);
    String stem = AudioFiles.uri(file) + ": ";
    return unplaced.startsWith(stem) ? INPUTS + ": " + unplaced.substring(stem.length()) : unplaced;
  }
}
