package dev.diarist;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who spoke when in one recording.
 *
 * @param uri name of the recording
 * @param turns by start, then end; empty where nobody speaks
 * @param exclusive the same with never more than one speaker at a time, for joining with a
 *     transcript; a speaker who never has the most votes has no turn here
 * @param speakerEmbeddings one row of D values for each label of {@link #speakers()}, in its order;
 *     not modified
 * @param warnings sentences for the user, such as a speaker count outside the bounds asked for
 * @param recognized the speakers whose voices are known, where voices were given
 */
public record Diarization(
    String uri,
    List<Turn> turns,
    List<Turn> exclusive,
    float[][] speakerEmbeddings,
    List<String> warnings,
    List<RecognizedSpeaker> recognized) {

  public Diarization {
    recognized = List.copyOf(recognized);
    turns = List.copyOf(turns);
    exclusive = List.copyOf(exclusive);
    warnings = List.copyOf(warnings);
  }

  /** Of speakers that nobody knows. */
  public Diarization(
      String uri,
      List<Turn> turns,
      List<Turn> exclusive,
      float[][] speakerEmbeddings,
      List<String> warnings) {
    this(uri, turns, exclusive, speakerEmbeddings, warnings, List.of());
  }

  /** The diarization of a recording in which nobody speaks. */
  public static Diarization silent(String uri) {
    return new Diarization(uri, List.of(), List.of(), new float[0][], List.of());
  }

  /** The labels that occur, sorted as strings. */
  public List<String> speakers() {
    return speakers(turns);
  }

  private static List<String> speakers(List<Turn> turns) {
    return turns.stream().map(Turn::speaker).distinct().sorted().toList();
  }

  /** The turns as labelled segments, each on a track of its own, named by its number from 0. */
  public Annotation annotation() {
    List<Track> tracks = new ArrayList<>();
    for (Turn turn : turns) {
      tracks.add(
          new Track(
              new Segment(turn.startSeconds(), turn.endSeconds()),
              Integer.toString(tracks.size()),
              turn.speaker()));
    }
    return Annotation.of(tracks);
  }

  /** This with {@link #exclusive()} for its turns, and the embeddings of the speakers in them. */
  public Diarization withoutOverlap() {
    List<String> all = speakers();
    float[][] kept =
        speakers(exclusive).stream()
            .map(speaker -> speakerEmbeddings[all.indexOf(speaker)])
            .toArray(float[][]::new);
    List<String> remaining = speakers(exclusive);
    return new Diarization(
        uri,
        exclusive,
        exclusive,
        kept,
        warnings,
        recognized.stream().filter(known -> remaining.contains(known.speaker())).toList());
  }

  /**
   * This with the names of speakers whose voices are known.
   *
   * @param known of labels that occur, no two of one label or name
   * @throws IllegalArgumentException if a name is that of another speaker
   */
  public Diarization recognized(List<RecognizedSpeaker> known) {
    Map<String, String> names = new HashMap<>();
    known.forEach(speaker -> names.put(speaker.label(), speaker.speaker()));
    List<String> labels = speakers();
    Map<String, float[]> embeddings = new TreeMap<>(); // in the order of speakers()
    for (int i = 0; i < labels.size(); i++) {
      String name = names.getOrDefault(labels.get(i), labels.get(i));
      if (embeddings.put(name, speakerEmbeddings[i]) != null) {
        throw new IllegalArgumentException("two speakers of " + uri + " would be called " + name);
      }
    }
    return new Diarization(
        uri,
        renamed(turns, names),
        renamed(exclusive, names),
        embeddings.values().toArray(float[][]::new),
        warnings,
        known);
  }

  private static List<Turn> renamed(List<Turn> turns, Map<String, String> names) {
    return turns.stream()
        .map(
            turn ->
                new Turn(
                    turn.startSeconds(),
                    turn.endSeconds(),
                    names.getOrDefault(turn.speaker(), turn.speaker())))
        .toList();
  }
}
