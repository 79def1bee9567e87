package dev.diarist.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recordings in which one speaker speaks.
 *
 * @param recordings files by speaker, sorted; each speaker has one or more
 */
public record SpeechCorpus(SortedMap<String, List<Path>> recordings) {
  /** {@code speaker-chapter-utterance}, as LibriSpeech names its files. */
  private static final Pattern LIBRISPEECH = Pattern.compile("(\\d+)-\\d+-\\d+\\..*");

  /**
   * @throws IllegalArgumentException if there is no speaker
   */
  public SpeechCorpus {
    if (recordings.isEmpty()) {
      throw new IllegalArgumentException("a corpus of speech must have a speaker, got none");
    }
    SortedMap<String, List<Path>> copy = new TreeMap<>();
    recordings.forEach((speaker, files) -> copy.put(speaker, List.copyOf(files)));
    recordings = java.util.Collections.unmodifiableSortedMap(copy);
  }

  /**
   * The corpus in a folder: a file belongs to the speaker that its name begins with, where it is
   * named as LibriSpeech names files, otherwise to the speaker that the first folder below this one
   * is named after.
   *
   * @throws SimulationException if there is no audio, or a file tells no speaker whom RTTM can name
   */
  public static SpeechCorpus open(Path folder) throws IOException {
    SortedMap<String, List<Path>> recordings = new TreeMap<>();
    for (Path file : SoundFiles.below(folder).files()) {
      recordings.computeIfAbsent(speaker(folder, file), absent -> new ArrayList<>()).add(file);
    }
    return new SpeechCorpus(recordings);
  }

  private static String speaker(Path folder, Path file) throws SimulationException {
    Matcher named = LIBRISPEECH.matcher(file.getFileName().toString());
    if (named.matches()) {
      return named.group(1);
    }
    Path inside = folder.relativize(file);
    if (inside.getNameCount() < 2) {
      throw new SimulationException(
          file
              + ": must lie in a folder named after its speaker, or be called"
              + " speaker-chapter-utterance as in LibriSpeech");
    }
    String speaker = inside.getName(0).toString();
    if (speaker.chars().anyMatch(Character::isWhitespace)) {
      throw new SimulationException(
          folder.resolve(speaker)
              + ": the name of a speaker must be one word, as white space separates the columns of"
              + " RTTM; rename the folder");
    }
    return speaker;
  }

  /**
   * Without some speakers.
   *
   * @throws SimulationException if one of them is not there, or no other is
   */
  public SpeechCorpus without(Set<String> speakers) throws SimulationException {
    requireKnown(speakers);
    SortedMap<String, List<Path>> kept = new TreeMap<>(recordings);
    kept.keySet().removeAll(speakers);
    return of(kept, "all speakers are left out");
  }

  /**
   * With some speakers alone.
   *
   * @throws SimulationException if one of them is not there, or none is named
   */
  public SpeechCorpus only(Set<String> speakers) throws SimulationException {
    requireKnown(speakers);
    SortedMap<String, List<Path>> kept = new TreeMap<>(recordings);
    kept.keySet().retainAll(speakers);
    return of(kept, "no speaker is named");
  }

  private static SpeechCorpus of(SortedMap<String, List<Path>> kept, String otherwise)
      throws SimulationException {
    if (kept.isEmpty()) {
      throw new SimulationException("a corpus of speech must keep a speaker, but " + otherwise);
    }
    return new SpeechCorpus(kept);
  }

  private void requireKnown(Set<String> speakers) throws SimulationException {
    for (String speaker : speakers) {
      if (!recordings.containsKey(speaker)) {
        throw new SimulationException(
            "there is no speaker %s among the %d of the corpus, such as %s"
                .formatted(speaker, recordings.size(), recordings.firstKey()));
      }
    }
  }
}
