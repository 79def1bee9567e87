package dev.diarist.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Diarization;
import dev.diarist.Turn;
import dev.diarist.annotation.Rttm;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** How a diarization is written. */
enum OutputFormat {
  /** One line for each turn. */
  RTTM {
    @Override
    void write(Diarization diarization, Appendable out) throws IOException {
      Rttm.write(diarization.turns(), diarization.uri(), out);
    }
  },

  /** One line for each recording: {"uri": …, "turns": [{"start": …, "end": …, "speaker": …}]}. */
  JSON {
    @Override
    void write(Diarization diarization, Appendable out) throws IOException {
      ObjectNode json = MAPPER.createObjectNode().put("uri", diarization.uri());
      ArrayNode turns = json.putArray("turns");
      for (Turn turn : diarization.turns()) {
        turns
            .addObject()
            .put("start", milliseconds(turn.startSeconds()))
            .put("end", milliseconds(turn.endSeconds()))
            .put("speaker", turn.speaker());
      }
      out.append(MAPPER.writeValueAsString(json)).append('\n');
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Writes one recording. */
  abstract void write(Diarization diarization, Appendable out) throws IOException;

  /**
   * Finds out before the work what would fail after it.
   *
   * @throws IllegalArgumentException if this format cannot hold the name of the recording
   */
  void requireWritable(String uri) throws IOException {
    try {
      write(new Diarization(uri, List.of(), new float[0][], List.of()), new StringBuilder());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; rename the recording or ask for another --format", e);
    }
  }

  /** The end of the name of a file in this format, without the dot. */
  String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Seconds with three decimals, rounded as RTTM has them. */
  private static BigDecimal milliseconds(double seconds) {
    return new BigDecimal(Rttm.threeDecimals(seconds));
  }
}
