package dev.diarist.annotation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Diarization;
import dev.diarist.RecognizedSpeaker;
import dev.diarist.Turn;
import java.util.List;

/** Diarizations as JSON. Times are rounded half-even to milliseconds. */
public final class DiarizationJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private DiarizationJson() {}

  /**
   * {@code {"uri": …, "diarization": [{"start": 6.665, "end": 7.165, "speaker": "SPEAKER_00"}, …],
   * "exclusive_diarization": […]}} on one line.
   *
   * <p>Source: pyannote.audio 4, {@code DiarizeOutput.serialize}; {@code uri} is added.
   *
   * @param exclusive null leaves {@code exclusive_diarization} out
   */
  public static String numbers(String uri, List<Turn> turns, List<Turn> exclusive) {
    return json(uri, turns, exclusive).toString();
  }

  /**
   * The same, and where voices are known {@code "known_speakers": [{"speaker": "Ann", "label":
   * "SPEAKER_00", "score": 0.831}, …]} with the similarities.
   */
  public static String numbers(Diarization diarization) {
    ObjectNode json = json(diarization.uri(), diarization.turns(), diarization.exclusive());
    if (!diarization.recognized().isEmpty()) {
      ArrayNode known = json.putArray("known_speakers");
      for (RecognizedSpeaker speaker : diarization.recognized()) {
        known
            .addObject()
            .put("speaker", speaker.speaker())
            .put("label", speaker.label())
            .put("score", Decimals.rounded(speaker.similarity()));
      }
    }
    return json.toString();
  }

  private static ObjectNode json(String uri, List<Turn> turns, List<Turn> exclusive) {
    ObjectNode json = MAPPER.createObjectNode().put("uri", uri);
    putNumbers(json.putArray("diarization"), turns);
    if (exclusive != null) {
      putNumbers(json.putArray("exclusive_diarization"), exclusive);
    }
    return json;
  }

  private static void putNumbers(ArrayNode array, List<Turn> turns) {
    for (Turn turn : turns) {
      array
          .addObject()
          .put("start", Decimals.rounded(turn.startSeconds()))
          .put("end", Decimals.rounded(turn.endSeconds()))
          .put("speaker", turn.speaker());
    }
  }

  /**
   * {@code {"diarization": [{"speaker": "SPEAKER_00", "start": "0.031", "end": "2.345"}, …]}} on
   * one line.
   *
   * <p>Source: {@code handler.py} of pyannote/speaker-diarization-3.1 on the Hugging Face hub.
   */
  public static String strings(List<Turn> turns) {
    ObjectNode json = MAPPER.createObjectNode();
    ArrayNode array = json.putArray("diarization");
    for (Turn turn : turns) {
      array
          .addObject()
          .put("speaker", turn.speaker())
          .put("start", Decimals.fixed(turn.startSeconds(), 3))
          .put("end", Decimals.fixed(turn.endSeconds(), 3));
    }
    return json.toString();
  }
}
