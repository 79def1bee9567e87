package dev.diarist.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Turn;
import dev.diarist.annotation.Subtitles.Cue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was said and when, as Whisper and its relatives write it, to be joined with who spoke when.
 *
 * <p>Understood are the JSON of openai-whisper, faster-whisper and whisperX ({@code segments}, each
 * with or without {@code words}, or the bare array of them), of OpenAI's service ({@code words} of
 * their own) and of whisper.cpp ({@code transcription}). Whatever else a transcript holds is kept.
 */
public final class Transcript {
  /** How far from a turn a word may be and still be of its speaker, unless told otherwise. */
  public static final double DEFAULT_MAX_GAP_SECONDS = 0.5;

  private static final String SPEAKER = "speaker";

  /** A word that takes no time still has a say in who speaks. */
  private static final double MIN_WORD_SECONDS = 0.001;

  private final String name;
  private final JsonNode root; // not modified once speakers are in it
  private final List<Passage> passages;

  private Transcript(String name, JsonNode root) throws TranscriptException {
    this.name = name;
    this.root = root;
    passages = new TranscriptReader(name).passages(root);
  }

  /**
   * @throws TranscriptException if the file is no such transcript; names the file and the field
   */
  public static Transcript read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new TranscriptException(file + ": must be a transcript, found a folder");
    }
    return parse(file.toString(), Files.readAllBytes(file));
  }

  /**
   * @param name of the file, for messages
   * @param json in UTF-8; not modified
   * @throws TranscriptException as {@link #read}
   */
  public static Transcript parse(String name, byte[] json) throws IOException {
    return new Transcript(name, new TranscriptReader(name).parse(json));
  }

  /**
   * This transcript with a field {@code speaker} in every word and segment. A word has the speaker
   * who speaks longest during it; where nobody does, the one of the nearest turn. A word without
   * times has the speaker of the one before it, or after it at the start. A segment has the speaker
   * of most of the time of its words; one without words is treated as a word.
   *
   * @param turns in any order; exclusive ones decide better between two at a time
   * @param maxGapSeconds how far the nearest turn may be; beyond, the speaker is {@code null}
   * @throws IllegalArgumentException if the limit is negative or not a number
   */
  public Transcript withSpeakers(List<Turn> turns, double maxGapSeconds)
      throws TranscriptException {
    SpeakerFinder finder = new SpeakerFinder(turns, maxGapSeconds);
    Transcript copy = new Transcript(name, root.deepCopy());
    for (Passage passage : copy.passages) {
      Map<String, Double> seconds = new LinkedHashMap<>();
      boolean timed = nameWords(passage.words(), finder, seconds);
      String speaker =
          timed
              ? SpeakerFinder.longest(seconds)
              : finder.speaker(passage.startSeconds(), passage.endSeconds());
      if (passage.node() != null) {
        passage.node().put(SPEAKER, speaker);
      }
      if (!timed) {
        passage.words().forEach(word -> word.node().put(SPEAKER, speaker));
      }
    }
    nameWords(new TranscriptReader(name).looseWords(copy.root), finder, new LinkedHashMap<>());
    return copy;
  }

  /**
   * Puts speakers on words that follow each other.
   *
   * @param seconds receives how long each speaker has the word
   * @return whether any word has a time
   */
  private static boolean nameWords(
      List<Passage.Word> words, SpeakerFinder finder, Map<String, Double> seconds) {
    boolean timed = false;
    String last = null;
    List<Passage.Word> waiting = new ArrayList<>();
    for (Passage.Word word : words) {
      if (word.isTimed()) {
        last = finder.speaker(word.startSeconds(), word.endSeconds());
        if (last != null) {
          double length = Math.max(word.endSeconds() - word.startSeconds(), MIN_WORD_SECONDS);
          seconds.merge(last, length, Double::sum);
        }
        if (!timed) {
          String first = last;
          waiting.forEach(earlier -> earlier.node().put(SPEAKER, first));
        }
        timed = true;
      } else if (!timed) {
        waiting.add(word);
      }
      word.node().put(SPEAKER, last);
    }
    return timed;
  }

  /** This transcript as JSON on one line. */
  public String json() throws IOException {
    return TranscriptReader.MAPPER.writeValueAsString(root);
  }

  /** A cue for each segment, or several where its words are of several speakers. */
  public List<Cue> cues() {
    List<Cue> cues = new ArrayList<>();
    for (Passage passage : passages) {
      List<List<Passage.Word>> runs = runs(passage.words());
      if (runs.size() < 2) {
        String speaker =
            passage.node() != null || runs.isEmpty()
                ? speaker(passage.node())
                : speaker(runs.getFirst().getFirst().node());
        String text = passage.text().isBlank() ? text(passage.words()) : passage.text();
        cues.add(new Cue(passage.startSeconds(), passage.endSeconds(), speaker, text.strip()));
        continue;
      }
      for (List<Passage.Word> run : runs) {
        List<Passage.Word> timed = run.stream().filter(Passage.Word::isTimed).toList();
        double start = timed.getFirst().startSeconds();
        double end = Math.max(start, timed.getLast().endSeconds());
        cues.add(new Cue(start, end, speaker(run.getFirst().node()), text(run).strip()));
      }
    }
    return cues;
  }

  /** Words of one speaker that follow each other; each run has a word with a time. */
  private static List<List<Passage.Word>> runs(List<Passage.Word> words) {
    List<List<Passage.Word>> runs = new ArrayList<>();
    for (Passage.Word word : words) {
      boolean continues =
          !runs.isEmpty()
              && (!word.isTimed()
                  || runs.getLast().stream().noneMatch(Passage.Word::isTimed)
                  || Objects.equals(
                      speaker(word.node()), speaker(runs.getLast().getFirst().node())));
      if (!continues) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(word);
    }
    return runs;
  }

  /** Whisper's words bring their spaces along; those of whisperX have none. */
  private static String text(List<Passage.Word> words) {
    boolean spaced =
        words.stream().anyMatch(word -> word.text().startsWith(" ") || word.text().endsWith(" "));
    return String.join(spaced ? "" : " ", words.stream().map(Passage.Word::text).toList());
  }

  private static String speaker(ObjectNode node) {
    return node == null ? null : node.path(SPEAKER).textValue();
  }
}
