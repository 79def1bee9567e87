package dev.diarist;

import dev.diarist.DiarizerOptions.EmbeddingOptions;
import dev.diarist.DiarizerOptions.SegmentationOptions;
import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.clustering.LinkageMethod;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The parameters of {@code config.yaml}: their names, and how each changes the options. */
enum Parameter {
  SEGMENTATION_STEP("segmentation_step") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      SegmentationOptions old = options.segmentation();
      return options.with(
          new SegmentationOptions(number(value), old.batchSize(), old.minDurationOffSeconds()));
    }
  },
  SEGMENTATION_BATCH_SIZE("segmentation_batch_size") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      SegmentationOptions old = options.segmentation();
      return options.with(
          new SegmentationOptions(old.stepRatio(), integer(value), old.minDurationOffSeconds()));
    }
  },
  MIN_DURATION_OFF("segmentation.min_duration_off") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      SegmentationOptions old = options.segmentation();
      return options.with(new SegmentationOptions(old.stepRatio(), old.batchSize(), number(value)));
    }
  },
  EMBEDDING_BATCH_SIZE("embedding_batch_size") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      return options.with(
          new EmbeddingOptions(integer(value), options.embedding().excludeOverlap()));
    }
  },
  EMBEDDING_EXCLUDE_OVERLAP("embedding_exclude_overlap") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      return options.with(new EmbeddingOptions(options.embedding().batchSize(), truth(value)));
    }
  },
  CLUSTERING("clustering") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      if (!value.equals("AgglomerativeClustering")) {
        throw mismatch("AgglomerativeClustering", value);
      }
      return options;
    }
  },
  CLUSTERING_METHOD("clustering.method") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      AgglomerativeClustering old = options.clustering();
      return options.with(
          new AgglomerativeClustering(
              LinkageMethod.of(value),
              old.minClusterSize(),
              old.threshold(),
              old.constrainedAssignment()));
    }
  },
  MIN_CLUSTER_SIZE("clustering.min_cluster_size") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      AgglomerativeClustering old = options.clustering();
      return options.with(
          new AgglomerativeClustering(
              old.method(), integer(value), old.threshold(), old.constrainedAssignment()));
    }
  },
  CLUSTERING_THRESHOLD("clustering.threshold") {
    @Override
    DiarizerOptions set(DiarizerOptions options, String value) {
      AgglomerativeClustering old = options.clustering();
      return options.with(
          new AgglomerativeClustering(
              old.method(), old.minClusterSize(), number(value), old.constrainedAssignment()));
    }
  };

  private final String configName;

  Parameter(String configName) {
    this.configName = configName;
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

  abstract DiarizerOptions set(DiarizerOptions options, String value);

  final double number(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw mismatch("a number", value);
    }
  }

  final int integer(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw mismatch("an integer", value);
    }
  }

  final boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw mismatch("true or false", value);
    };
  }

  final IllegalArgumentException mismatch(String expected, String found) {
    return new IllegalArgumentException(configName + " must be " + expected + ", got " + found);
  }
}
