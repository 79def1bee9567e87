package dev.diarist.annotation;

import dev.diarist.Diarization;
import dev.diarist.Turn;
import dev.diarist.annotation.Subtitles.Cue;
import java.io.IOException;
import java.util.List;

/** How a diarization is written: the one list of formats. Times are rounded as Python does. */
public enum OutputFormat {
  /** One line for each turn: {@link Rttm}. */
  RTTM("rttm", true) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Rttm.write(turns, uri, out);
    }
  },

  /** One line for each recording, times as numbers: {@link DiarizationJson#numbers}. */
  JSON("json", true) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      out.append(DiarizationJson.numbers(uri, turns, null)).append('\n');
    }

    @Override
    public void write(Diarization diarization, Appendable out) throws IOException {
      out.append(DiarizationJson.numbers(diarization)).append('\n');
    }
  },

  /** The response of a Hugging Face endpoint, times as strings: {@link DiarizationJson#strings}. */
  ENDPOINT("json", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      out.append(DiarizationJson.strings(turns)).append('\n');
    }
  },

  /** {@link Tables#writeCsv}. */
  CSV("csv", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Tables.writeCsv(turns, uri, out);
    }
  },

  /** {@link Lab}. */
  LAB("lab", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Lab.write(turns, out);
    }
  },

  /** WebVTT: a cue for each turn, with the speaker as its voice. */
  VTT("vtt", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Subtitles.writeWebVtt(
          turns.stream()
              .map(t -> new Cue(t.startSeconds(), t.endSeconds(), t.speaker(), t.speaker()))
              .toList(),
          out);
    }
  },

  /** SubRip: a cue for each turn. */
  SRT("srt", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Subtitles.writeSubRip(
          turns.stream()
              .map(t -> new Cue(t.startSeconds(), t.endSeconds(), null, t.speaker()))
              .toList(),
          out);
    }
  },

  /** A label track of Audacity: {@link Tables#writeAudacity}. */
  AUDACITY("txt", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      Tables.writeAudacity(turns, out);
    }
  },

  /** Praat's {@link TextGrid}. */
  TEXTGRID("TextGrid", false) {
    @Override
    public void write(String uri, List<Turn> turns, Appendable out) throws IOException {
      TextGrid.write(turns, out);
    }
  };

  private final String extension;
  private final boolean namesRecordings;

  OutputFormat(String extension, boolean namesRecordings) {
    this.extension = extension;
    this.namesRecordings = namesRecordings;
  }

  /**
   * Writes one recording.
   *
   * @param turns by start, then end
   * @throws IllegalArgumentException if this format cannot hold the name of the recording or of a
   *     speaker
   */
  public abstract void write(String uri, List<Turn> turns, Appendable out) throws IOException;

  /** Writes one recording with all that this format can hold of it. */
  public void write(Diarization diarization, Appendable out) throws IOException {
    write(diarization.uri(), diarization.turns(), out);
  }

  /**
   * Finds out before the work what would fail after it.
   *
   * @throws IllegalArgumentException if this format cannot hold the name of the recording
   */
  public void requireWritable(String uri) throws IOException {
    try {
      write(uri, List.of(), new StringBuilder());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; rename the recording or ask for another --format", e);
    }
  }

  /** The end of the name of a file in this format, without the dot. */
  public String extension() {
    return extension;
  }

  /** Whether several recordings, written one after the other, can be told apart. */
  public boolean namesRecordings() {
    return namesRecordings;
  }
}
