package dev.diarist.reconstruction;

import dev.diarist.annotation.Annotation;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An annotation whose speakers have names in place of cluster numbers.
 *
 * <p>Source: {@code SpeakerDiarization.apply} of pyannote.audio 3.3.2.
 *
 * @param annotation with the new labels
 * @param clusters the cluster of each label of {@code annotation.labels()}; not modified
 */
public record NamedSpeakers(Annotation annotation, int[] clusters) {

  /** Names the speakers of another annotation of the same clusters as they are named here. */
  public Annotation name(Annotation clustered) {
    Map<String, String> names = new HashMap<>();
    List<String> labels = annotation.labels();
    for (int i = 0; i < clusters.length; i++) {
      names.put(Integer.toString(clusters[i]), labels.get(i));
    }
    return clustered.withRenamedLabels(names);
  }

  /**
   * Speakers called SPEAKER_00, SPEAKER_01, …. Numbers follow the clusters that still speak, sorted
   * as strings: with eleven of them, cluster 10 becomes SPEAKER_02.
   *
   * @param clustered has cluster numbers for labels
   */
  public static NamedSpeakers numbered(Annotation clustered) {
    List<String> numbers = clustered.labels();
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      names.put(numbers.get(i), String.format(Locale.ROOT, "SPEAKER_%02d", i));
    }
    return of(clustered, names);
  }

  /**
   * Speakers with the names of a reference; one that has none there keeps its cluster number.
   *
   * @param clustered has cluster numbers for labels
   * @param names cluster number → name, each name once; not modified. A number that is kept and is
   *     also a name here stands for both, and has the embedding of the named one
   */
  public static NamedSpeakers of(Annotation clustered, Map<String, String> names) {
    Map<String, Integer> clusterOfName = new HashMap<>();
    for (String number : clustered.labels()) {
      clusterOfName.putIfAbsent(names.getOrDefault(number, number), Integer.valueOf(number));
    }
    names.forEach((number, name) -> clusterOfName.put(name, Integer.valueOf(number)));
    Annotation annotation = clustered.withRenamedLabels(names);
    int[] clusters = annotation.labels().stream().mapToInt(clusterOfName::get).toArray();
    return new NamedSpeakers(annotation, clusters);
  }

  /**
   * The centroid behind each label of {@code annotation.labels()}; a zero row for a speaker that
   * has none because there were more speakers at a time than clusters.
   *
   * @param centroids (K, D); not modified, rows are copied
   */
  public float[][] embeddings(float[][] centroids, int dimension) {
    float[][] rows = new float[clusters.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          clusters[i] < centroids.length ? centroids[clusters[i]].clone() : new float[dimension];
    }
    return rows;
  }
}
