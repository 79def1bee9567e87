package dev.diarist.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a training, step by step and epoch by epoch. */
public final class TrainingLog {
  private static final String FILE = "log.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A log of nothing yet. */
  public TrainingLog() {}

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

  /**
   * The epoch of the lowest development loss, the first one of several; the last epoch where none
   * has a development loss.
   */
  EpochRow best() {
    EpochRow best = null;
    for (EpochRow row : epochs) {
      if (row.epoch() > 0
          && row.development() != null
          && !Double.isNaN(row.development().loss())
          && (best == null || row.development().loss() < best.development().loss())) {
        best = row;
      }
    }
    return best == null ? epochs.getLast() : best;
  }

  /** {@code {"steps": […], "epochs": […]}}. */
  String json() {
    try {
      return MAPPER.writeValueAsString(new Rows(steps, epochs));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("rows of numbers can be written", e);
    }
  }

  /**
   * The log of a folder as it was after some steps and epochs.
   *
   * @throws IOException if the folder has no log of so many
   */
  static TrainingLog read(Path folder, int steps, int epochs) throws IOException {
    Path file = folder.resolve(FILE);
    Rows rows = MAPPER.readValue(Files.readString(file), Rows.class);
    if (rows.steps().size() < steps || rows.epochs().size() < epochs) {
      throw new IOException(
          "%s: must hold the %d steps and %d epochs of the checkpoint, has %d and %d"
              .formatted(file, steps, epochs, rows.steps().size(), rows.epochs().size()));
    }
    TrainingLog log = new TrainingLog();
    log.steps.addAll(rows.steps().subList(0, steps));
    log.epochs.addAll(rows.epochs().subList(0, epochs));
    return log;
  }

  /** Writes {@code log.json}, {@code steps.csv} and {@code epochs.csv}, replacing them. */
  void write(Path folder) throws IOException {
    WholeFile.write(folder.resolve(FILE), json() + "\n");
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
