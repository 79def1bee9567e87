package dev.diarist.cli;

import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code diarist finetune}: a segmentation network is trained further on a data set. */
@Command(
    name = "finetune",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Train the segmentation of a model further on a data set.",
      "The output folder receives bundle (a model), diarizers (a repository for Python's"
          + " diarizers), README.md (a model card), log.json, steps.csv, epochs.csv, loss.svg, and"
          + " checkpoint.safetensors, from which --resume goes on."
    })
final class FinetuneCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private DebugOption debug;
  @Mixin private HubOption hubOption;
  @Mixin private SegmentationTrainingOptions training;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Model, or file, folder or repository of a segmentation network.")
  private String model;

  @Parameters(index = "1", paramLabel = "DATASET", description = EvaluateCommand.DATASET)
  private String dataset;

  FinetuneCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    training.check();
    try (Hub hub = hubOption.open(surroundings)) {
      Path found = hub.locate(model);
      Weights weights = SegmentationTrainingOptions.segmentation(found, hub);
      var origin = new SegmentationTrainingOptions.Origin(model, null);
      training.run(surroundings, dataset, weights, null, origin, found, hub);
    }
    return 0;
  }
}
