package dev.diarist.clustering;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the distance between two clusters follows from those between their members. */
public enum LinkageMethod {
  AVERAGE,
  CENTROID,
  COMPLETE,
  MEDIAN,
  SINGLE,
  WARD,
  WEIGHTED;

  /**
   * The method of a name as configurations write it, such as {@code centroid}.
   *
   * @throws IllegalArgumentException if there is no such method
   */
  public static LinkageMethod of(String name) {
    for (LinkageMethod method : values()) {
      if (method.configName().equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "clustering.method must be one of "
            + Arrays.stream(values())
                .map(LinkageMethod::configName)
                .collect(Collectors.joining(", "))
            + ", got \""
            + name
            + "\"");
  }

  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether the method holds only for Euclidean distances, so that it takes embeddings of length 1;
   * the others take the cosine distances of the embeddings as they are.
   */
  public boolean needsEuclidean() {
    return switch (this) {
      case CENTROID, MEDIAN, WARD -> true;
      case AVERAGE, COMPLETE, SINGLE, WEIGHTED -> false;
    };
  }

  /**
   * The merges of the points whose distances are given.
   *
   * <p>Source: {@code scipy.cluster.hierarchy.linkage} 1.17.
   *
   * @param distances between n points; overwritten
   */
  Dendrogram link(DistanceMatrix distances) {
    return switch (this) {
      case CENTROID -> GenericLinkage.link(distances, Update.CENTROID);
      case MEDIAN -> GenericLinkage.link(distances, Update.MEDIAN);
      case AVERAGE -> ChainLinkage.link(distances, Update.AVERAGE);
      case COMPLETE -> ChainLinkage.link(distances, Update.COMPLETE);
      case WARD -> ChainLinkage.link(distances, Update.WARD);
      case WEIGHTED -> ChainLinkage.link(distances, Update.WEIGHTED);
      case SINGLE -> SingleLinkage.link(distances);
    };
  }

  /** Whether the method has no other way than a matrix of distances. */
  boolean needsMatrix() {
    return switch (this) {
      case CENTROID, MEDIAN -> false;
      case AVERAGE, COMPLETE, SINGLE, WARD, WEIGHTED -> true;
    };
  }

  /**
   * What {@link #link} gives for the Euclidean distances of points, without a matrix of them.
   *
   * @param rows (n, D); not modified
   * @throws IllegalArgumentException if a row is not finite
   */
  Dendrogram linkRows(float[][] rows) {
    return switch (this) {
      case CENTROID -> RowLinkage.link(rows, Update.CENTROID);
      case MEDIAN -> RowLinkage.link(rows, Update.MEDIAN);
      case AVERAGE, COMPLETE, SINGLE, WARD, WEIGHTED ->
          throw new IllegalStateException(configName() + " linkage needs a matrix of distances");
    };
  }
}
