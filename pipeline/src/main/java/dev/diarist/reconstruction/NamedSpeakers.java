package dev.diarist.reconstruction;

import dev.diarist.annotation.Annotation;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An annotation whose speakers are called SPEAKER_00, SPEAKER_01, ….
 *
 * <p>Numbers follow the clusters that still speak, sorted as strings: with eleven of them, cluster
 * 10 becomes SPEAKER_02.
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

  /** Names the speakers of an annotation whose labels are cluster numbers. */
  public static NamedSpeakers of(Annotation clustered) {
    List<String> numbers = clustered.labels();
    Map<String, String> names = new HashMap<>();
    Map<String, Integer> clusterOfName = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      String name = String.format(Locale.ROOT, "SPEAKER_%02d", i);
      names.put(numbers.get(i), name);
      clusterOfName.put(name, Integer.valueOf(numbers.get(i)));
    }
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
