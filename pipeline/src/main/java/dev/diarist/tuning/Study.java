package dev.diarist.tuning;

import dev.diarist.DiarizerOptions;
import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.file.FilesBelow;
import dev.diarist.weights.ModelFolder;
import dev.diarist.weights.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The tuning of a model, in a folder that keeps the trials, what the networks said and the
 * configuration with the best parameters so far.
 *
 * @param config of the model
 * @param options of the model, with what the user set
 */
public record Study(
    Path folder, PipelineConfig config, DiarizerOptions options, NetworkCache cache) {
  /** File of the best configuration. */
  public static final String CONFIG = "config.yaml";

  private static final String TRIALS = "trials.jsonl";
  private static final String NETWORKS = "networks";

  /**
   * Opens the model.
   *
   * @param overrides changes what its configuration says
   * @throws IOException if the folder of the model cannot be read
   */
  public static Study of(Path model, UnaryOperator<DiarizerOptions> overrides, Path folder)
      throws IOException {
    PipelineConfig config = ModelFolder.open(model).config();
    DiarizerOptions options = overrides.apply(DiarizerOptions.of(config));
    String networks =
        "%s; mode %s; segmentation_step %s; segmentation.threshold %s; embedding_exclude_overlap %s"
            .formatted(
                files(model),
                options.mode(),
                options.stepRatioInMode(),
                options.segmentation().threshold(),
                options.embedding().excludeOverlap());
    return new Study(folder, config, options, new NetworkCache(folder.resolve(NETWORKS), networks));
  }

  /** Names, sizes and times of the files of a model: what changes when another takes its place. */
  private static String files(Path model) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : FilesBelow.of(model, any -> true)) {
      text.append(model.relativize(file)).append(' ').append(Files.size(file)).append(' ');
      text.append(Files.getLastModifiedTime(file)).append("; ");
    }
    return text.toString();
  }

  /**
   * Makes trials, the first with the parameters as they are, and writes the best configuration.
   *
   * @param dataset name of the development set
   * @param resume whether trials that are there are taken as made
   * @param listener sees every trial
   * @return all trials
   * @throws IOException if there are trials and {@code resume} is false, or they are of another
   *     study
   */
  public List<Trial> run(
      DevelopmentSet development,
      Tuner tuner,
      String dataset,
      boolean resume,
      Consumer<Trial> listener)
      throws IOException {
    Path file = folder.resolve(TRIALS);
    if (!resume && Files.exists(file)) {
      throw new IOException(
          file + ": holds the trials of a study; --resume goes on with it, or take another folder");
    }
    String description = description(development, tuner, dataset);
    TrialLog log =
        Files.exists(file) ? TrialLog.resume(file, description) : TrialLog.begin(file, description);
    List<Trial> trials = tuner.run(start(), development::rate, log, listener);
    best(trials).write(folder.resolve(CONFIG));
    return trials;
  }

  private String description(DevelopmentSet development, Tuner tuner, String dataset) {
    return "%s of %s (%d recordings), %s; options %s; seed %d; %s"
        .formatted(
            development.metric().shortName(),
            dataset,
            development.recordings().size(),
            development.scoring(),
            options.withThreads(1), // no result depends on threads
            tuner.seed(),
            tuner.parameters().stream()
                .map(TunedParameter::toString)
                .collect(Collectors.joining(", ")));
  }

  private Map<String, Double> start() {
    return Map.of(
        "clustering.threshold", options.clustering().threshold(),
        "clustering.min_cluster_size", (double) options.clustering().minClusterSize(),
        "segmentation.min_duration_off", options.segmentation().minDurationOffSeconds());
  }

  /** The configuration with the parameters of the best trial. */
  PipelineConfig best(List<Trial> trials) {
    Map<String, Object> settings = new LinkedHashMap<>(config.settings());
    // What the user set, the parameters were tuned with.
    settings.put("segmentation_step", options.segmentation().stepRatio());
    settings.put("embedding_exclude_overlap", options.embedding().excludeOverlap());
    settings.put("clustering.method", options.clustering().method().configName());
    settings.put("clustering.threshold", options.clustering().threshold());
    settings.put("clustering.min_cluster_size", options.clustering().minClusterSize());
    settings.put("segmentation.min_duration_off", options.segmentation().minDurationOffSeconds());
    // Of these most configurations say nothing, and Python does not know all of them.
    DiarizerOptions configured = DiarizerOptions.of(config);
    if (options.segmentation().threshold() != configured.segmentation().threshold()) {
      settings.put("segmentation.threshold", options.segmentation().threshold());
    }
    AgglomerativeClustering clustering = options.clustering();
    if (clustering.constrainedAssignment() != configured.clustering().constrainedAssignment()) {
      settings.put("clustering.constrained_assignment", clustering.constrainedAssignment());
    }
    if (clustering.maxNumEmbeddings() != configured.clustering().maxNumEmbeddings()) {
      settings.put("clustering.max_num_embeddings", clustering.maxNumEmbeddings());
    }
    if (clustering.seed() != configured.clustering().seed()) {
      settings.put("clustering.seed", clustering.seed());
    }
    Tuner.best(trials)
        .parameters()
        .forEach(
            (name, value) ->
                settings.put(
                    name,
                    value.matches("-?\\d+")
                        ? (Object) Integer.valueOf(value)
                        : Double.valueOf(value)));
    return new PipelineConfig(config.segmentation(), config.embedding(), config.plda(), settings);
  }
}
