package dev.diarist.cli;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.train.InitialWeights;
import dev.diarist.nn.weights.Weights;
import dev.diarist.training.Teacher;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist train segmentation}: a segmentation network from nothing, or by a teacher. */
@Command(
    name = "segmentation",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Train a segmentation network from nothing on a data set, or on what a teacher says of its"
          + " recordings.",
      "The output folder receives what finetune writes."
    })
final class TrainSegmentationCommand implements Callable<Integer> {
  private static final int RATE = 16000;
  private static final double CHUNK_SECONDS = 10;
  private static final Powerset POWERSET = new Powerset(3, 2);

  /** Of weights that know nothing yet. Source: pyannote.audio 3.3.2, core/model.py. */
  private static final double LEARNING_RATE = 1e-3;

  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private HubOption hubOption;
  @Mixin private SegmentationTrainingOptions training;

  @Parameters(index = "0", paramLabel = "DATASET", description = EvaluateCommand.DATASET)
  private String dataset;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      description =
          "Model, or file, folder or repository of a segmentation network, whose answers are learnt"
              + " in place of the annotation (distillation).")
  private String teacher;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Cells of each LSTM in each direction (default: ${DEFAULT-VALUE}).")
  private int hidden = 128;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "LSTMs, one on the other (default: ${DEFAULT-VALUE}).")
  private int layers = 4;

  TrainSegmentationCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    training.setUsualLearningRate(LEARNING_RATE);
    training.check();
    if (hidden < 1 || layers < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--hidden and --layers must be at least 1, got %d and %d".formatted(hidden, layers));
    }
    try (Hub hub = hubOption.open(surroundings);
        Teacher asked = teacher == null ? null : teacher(hub)) {
      var origin = new SegmentationTrainingOptions.Origin(null, teacher);
      training.run(surroundings, dataset, initial(), asked, origin, null, hub);
    }
    return 0;
  }

  private Teacher teacher(Hub hub) throws IOException {
    Weights weights = SegmentationTrainingOptions.segmentation(hub.locate(teacher), hub);
    return new Teacher(teacher, weights, training.threads(), training.batch());
  }

  /** A network of the shape of pyannote/segmentation-3.0, but for the LSTMs. */
  private Weights initial() {
    PyanNet network =
        new PyanNet(
            RATE,
            CHUNK_SECONDS,
            80,
            251,
            10,
            List.of(new Op.Conv1d(60, 5, 1), new Op.Conv1d(60, 5, 1)),
            List.of(new Op.Lstm(hidden, layers, true)),
            Collections.nCopies(2, 128),
            POWERSET,
            PyanNet.WarmUp.NONE);
    return InitialWeights.of(network.graph(network.chunkSamples()), training.seed());
  }
}
