package dev.diarist;

import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.clustering.LinkageMethod;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of {@code config.yaml}: their names, and how each changes the options. */
enum Parameter {
  SEGMENTATION_STEP(
      "segmentation_step",
      (options, value) ->
          options.withSegmentation(options.segmentation().withStepRatio(value.number()))),
  SEGMENTATION_BATCH_SIZE(
      "segmentation_batch_size",
      (options, value) ->
          options.withSegmentation(options.segmentation().withBatchSize(value.integer()))),
  SEGMENTATION_THRESHOLD(
      "segmentation.threshold",
      (options, value) ->
          options.withSegmentation(options.segmentation().withThreshold(value.number()))),
  MIN_DURATION_OFF(
      "segmentation.min_duration_off",
      (options, value) ->
          options.withSegmentation(
              options.segmentation().withMinDurationOffSeconds(value.number()))),
  EMBEDDING_BATCH_SIZE(
      "embedding_batch_size",
      (options, value) ->
          options.withEmbedding(options.embedding().withBatchSize(value.integer()))),
  EMBEDDING_EXCLUDE_OVERLAP(
      "embedding_exclude_overlap",
      (options, value) ->
          options.withEmbedding(options.embedding().withExcludeOverlap(value.truth()))),
  CLUSTERING(
      "clustering",
      (options, value) -> {
        if (value.text().equals("OracleClustering")) {
          throw value.mismatch(
              "AgglomerativeClustering (oracle clustering is asked for with a reference, not"
                  + " here)");
        }
        if (!value.text().equals("AgglomerativeClustering")) {
          throw value.mismatch("AgglomerativeClustering");
        }
        return options;
      }),
  CLUSTERING_METHOD(
      "clustering.method",
      (options, value) ->
          options.withClustering(options.clustering().withMethod(LinkageMethod.of(value.text())))),
  MIN_CLUSTER_SIZE(
      "clustering.min_cluster_size",
      (options, value) ->
          options.withClustering(options.clustering().withMinClusterSize(value.integer()))),
  CLUSTERING_THRESHOLD(
      "clustering.threshold",
      (options, value) ->
          options.withClustering(options.clustering().withThreshold(value.number()))),
  CONSTRAINED_ASSIGNMENT(
      "clustering.constrained_assignment",
      (options, value) ->
          options.withClustering(options.clustering().withConstrainedAssignment(value.truth()))),
  MAX_NUM_EMBEDDINGS(
      "clustering.max_num_embeddings",
      (options, value) ->
          options.withClustering(
              options.clustering().withMaxNumEmbeddings(value.integerOrInfinity()))),
  SEED(
      "clustering.seed",
      (options, value) -> options.withClustering(options.clustering().withSeed(value.integer())));

  private final String configName;
  private final Change change;

  Parameter(String configName, Change change) {
    this.configName = configName;
    this.change = change;
  }

  @FunctionalInterface
  private interface Change {
    DiarizerOptions apply(DiarizerOptions options, Value value);
  }

  /**
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  static Parameter of(String configName) {
    return Arrays.stream(values())
        .filter(parameter -> parameter.configName.equals(configName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown parameter "
                        + configName
                        + "; known are "
                        + Arrays.stream(values())
                            .map(parameter -> parameter.configName)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * @throws IllegalArgumentException if the value is of another kind or out of range
   */
  DiarizerOptions set(DiarizerOptions options, String value) {
    return change.apply(options, new Value(configName, value));
  }

  /** A value as text, and the parameter that errors name. */
  private record Value(String name, String text) {
    double number() {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw mismatch("a number");
      }
    }

    int integer() {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw mismatch("an integer");
      }
    }

    int integerOrInfinity() {
      return Set.of("inf", ".inf", "Infinity").contains(text)
          ? AgglomerativeClustering.ALL_EMBEDDINGS
          : integer();
    }

    boolean truth() {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw mismatch("true or false");
      };
    }

    IllegalArgumentException mismatch(String expected) {
      return new IllegalArgumentException(name + " must be " + expected + ", got " + text);
    }
  }
}
