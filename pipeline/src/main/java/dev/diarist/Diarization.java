package dev.diarist;

import java.util.List;

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
 */
public record Diarization(
    String uri,
    List<Turn> turns,
    List<Turn> exclusive,
    float[][] speakerEmbeddings,
    List<String> warnings) {

  public Diarization {
    turns = List.copyOf(turns);
    exclusive = List.copyOf(exclusive);
    warnings = List.copyOf(warnings);
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

  /** This with {@link #exclusive()} for its turns, and the embeddings of the speakers in them. */
  public Diarization withoutOverlap() {
    List<String> all = speakers();
    float[][] kept =
        speakers(exclusive).stream()
            .map(speaker -> speakerEmbeddings[all.indexOf(speaker)])
            .toArray(float[][]::new);
    return new Diarization(uri, exclusive, exclusive, kept, warnings);
  }
}
