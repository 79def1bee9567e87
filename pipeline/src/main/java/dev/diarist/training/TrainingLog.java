package dev.diarist.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a training, step by step and epoch by epoch. */
public final class TrainingLog {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * A step.
   *
   * @param step from 1
   * @param gradientNorm before clipping
   * @param taken false where the loss was not finite and nothing was changed
   */
  public record StepRow(
      long step, int epoch, double loss, double gradientNorm, double learningRate, boolean taken) {}

  /**
   * An epoch.
   *
   * @param epoch from 1; 0 for the network as it was
   * @param step how many came before its end
   * @param trainingLoss mean over its steps; null for epoch 0
   * @param development null where there is no development set
   */
  public record EpochRow(
      int epoch, long step, Double trainingLoss, DevelopmentFigures development) {}

  private record Rows(List<StepRow> steps, List<EpochRow> epochs) {}

  private final List<StepRow> steps = new ArrayList<>();
  private final List<EpochRow> epochs = new ArrayList<>();

  void add(StepRow row) {
    steps.add(row);
  }

  void add(EpochRow row) {
    epochs.add(row);
  }

  public List<StepRow> steps() {
    return List.copyOf(steps);
  }

  public List<EpochRow> epochs() {
    return List.copyOf(epochs);
  }

  /** The mean loss of the steps of an epoch, those not taken left out. */
  double trainingLoss(int epoch) {
    return steps.stream()
        .filter(row -> row.epoch() == epoch && row.taken())
        .mapToDouble(StepRow::loss)
        .average()
        .orElse(Double.NaN);
  }

  /** The epoch of the lowest development loss, the last one where there is no development set. */
  EpochRow best() {
    EpochRow best = epochs.getLast();
    for (EpochRow row : epochs.reversed()) {
      if (row.epoch() > 0
          && row.development() != null
          && row.development().loss() <= best.development().loss()) {
        best = row;
      }
    }
    return best;
  }

  /** {@code {"steps": […], "epochs": […]}}. */
  String json() {
    try {
      return MAPPER.writeValueAsString(new Rows(steps, epochs));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("rows of numbers can be written", e);
    }
  }

  static TrainingLog parse(String json) throws IOException {
    Rows rows = MAPPER.readValue(json, Rows.class);
    TrainingLog log = new TrainingLog();
    log.steps.addAll(rows.steps());
    log.epochs.addAll(rows.epochs());
    return log;
  }

  /** Writes {@code log.json}, {@code steps.csv} and {@code epochs.csv}, replacing them. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("log.json"), json() + "\n");
    StringBuilder csv = new StringBuilder("step,epoch,loss,gradient_norm,learning_rate,taken\n");
    for (StepRow row : steps) {
      csv.append(
          "%d,%d,%s,%s,%s,%s\n"
              .formatted(
                  row.step(),
                  row.epoch(),
                  row.loss(),
                  row.gradientNorm(),
                  row.learningRate(),
                  row.taken()));
    }
    Files.writeString(folder.resolve("steps.csv"), csv);
    csv.setLength(0);
    csv.append("epoch,step,training_loss,validation_loss,der,false_alarm,missed,confusion\n");
    for (EpochRow row : epochs) {
      DevelopmentFigures figures = row.development();
      csv.append("%d,%d,%s".formatted(row.epoch(), row.step(), orNothing(row.trainingLoss())));
      csv.append(
          figures == null
              ? ",,,,,\n"
              : String.format(
                  Locale.ROOT,
                  ",%s,%s,%s,%s,%s\n",
                  figures.loss(),
                  figures.der(),
                  figures.falseAlarm(),
                  figures.missed(),
                  figures.confusion()));
    }
    Files.writeString(folder.resolve("epochs.csv"), csv);
  }

  private static String orNothing(Double value) {
    return value == null ? "" : value.toString();
  }
}
