package dev.diarist.transcript;

import dev.diarist.annotation.Subtitles;
import dev.diarist.annotation.Subtitles.Cue;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** How a transcript is written. */
public enum TranscriptFormat {
  /** As it was, with speakers. */
  JSON {
    @Override
    public void write(Transcript transcript, Appendable out) throws IOException {
      out.append(transcript.json()).append('\n');
    }
  },

  /** WebVTT, the speaker of each cue as its voice. */
  VTT {
    @Override
    public void write(Transcript transcript, Appendable out) throws IOException {
      Subtitles.writeWebVtt(transcript.cues(), out);
    }
  },

  /** SubRip, the speaker of each cue in front of it. */
  SRT {
    @Override
    public void write(Transcript transcript, Appendable out) throws IOException {
      Subtitles.writeSubRip(transcript.cues(), out);
    }
  },

  /** A line for all that one speaker says in a row: {@code SPEAKER_00: text}. */
  TXT {
    @Override
    public void write(Transcript transcript, Appendable out) throws IOException {
      List<Cue> cues = transcript.cues();
      for (int i = 0; i < cues.size(); i++) {
        Cue cue = cues.get(i);
        String text = cue.text().replaceAll("\\s+", " ");
        if (i > 0 && Objects.equals(cue.speaker(), cues.get(i - 1).speaker())) {
          out.append(' ').append(text);
          continue;
        }
        out.append(i == 0 ? "" : "\n");
        out.append(cue.speaker() == null ? "" : cue.speaker() + ": ").append(text);
      }
      out.append(cues.isEmpty() ? "" : "\n");
    }
  };

  public abstract void write(Transcript transcript, Appendable out) throws IOException;
}
