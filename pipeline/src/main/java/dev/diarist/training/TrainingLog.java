package dev.diarist.training;

import dev.diarist.nn.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two tables in a folder, each a CSV file with a line of names: {@code steps.csv}, a row for each
 * step as soon as it is taken, and {@code epochs.csv}.
 */
final class TrainingLog {
  static final String STEPS = "steps.csv";
  static final String EPOCHS = "epochs.csv";
  private static final String STEP_NAMES = "step,epoch,loss,gradient_norm,learning_rate,taken";
  private static final String EPOCH_NAMES =
      "epoch,steps,training_loss,validation_loss,der,false_alarm,missed_detection,confusion";

  private final Path folder;
  private final List<String> steps = new ArrayList<>();

  private TrainingLog(Path folder) {
    this.folder = folder;
  }

  /** Empty tables, in place of those that are there. */
  static TrainingLog begin(Path folder) throws IOException {
    TrainingLog log = new TrainingLog(folder);
    log.write(STEPS, STEP_NAMES, List.of());
    return log;
  }

  /** The tables that are there, without the steps that will be taken again. */
  static TrainingLog resume(Path folder, long stepsTaken) throws IOException {
    Path file = folder.resolve(STEPS);
    TrainingLog log = new TrainingLog(folder);
    if (Files.exists(file)) {
      List<String> rows = Files.readAllLines(file);
      log.steps.addAll(rows.subList(1, (int) Math.min(rows.size(), stepsTaken + 1)));
    }
    log.write(STEPS, STEP_NAMES, log.steps);
    return log;
  }

  /** Losses of the steps so far. */
  List<Double> losses() {
    return steps.stream().map(row -> Double.parseDouble(row.split(",")[2])).toList();
  }

  void step(long number, int epoch, Trainer.Step step) {
    String row =
        String.format(
            Locale.ROOT,
            "%d,%d,%s,%s,%s,%s",
            number,
            epoch,
            step.loss(),
            step.gradientNorm(),
            step.learningRate(),
            step.taken());
    steps.add(row);
    try {
      Files.writeString(folder.resolve(STEPS), row + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void epochs(List<EpochFigures> figures) {
    List<String> rows = new ArrayList<>();
    for (EpochFigures own : figures) {
      rows.add(
          String.format(
              Locale.ROOT,
              "%d,%d,%s,%s,%s,%s,%s,%s",
              own.epoch(),
              own.steps(),
              number(own.trainingLoss()),
              number(own.developmentLoss()),
              own.errors().errorRate(),
              own.errors().falseAlarmRate(),
              own.errors().missedRate(),
              own.errors().confusionRate()));
    }
    try {
      write(EPOCHS, EPOCH_NAMES, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing where there is no value. */
  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  private void write(String file, String names, List<String> rows) throws IOException {
    StringBuilder text = new StringBuilder(names).append('\n');
    rows.forEach(row -> text.append(row).append('\n'));
    Files.writeString(folder.resolve(file), text);
  }
}
