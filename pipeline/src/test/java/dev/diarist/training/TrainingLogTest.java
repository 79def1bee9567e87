package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.nn.train.FrameErrors;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
  private static TrainingLog.EpochRow row(int epoch, Double loss) {
    DevelopmentFigures figures =
        loss == null ? null : DevelopmentFigures.of(loss, FrameErrors.NONE);
    return new TrainingLog.EpochRow(epoch, 10L * epoch, 1.0, figures);
  }

  private static int best(Double... losses) {
    TrainingLog log = new TrainingLog();
    for (int epoch = 0; epoch < losses.length; epoch++) {
      log.add(row(epoch, losses[epoch]));
    }
    return log.best().epoch();
  }

  @Test
  void theBestEpochIsTheFirstOfTheLowestLossThatIsANumber() {
    assertEquals(2, best(0.1, 0.9, 0.5, 0.5, 0.7), "epoch 0 is the network as it was");
    assertEquals(1, best(0.1, 0.9, Double.NaN));
    assertEquals(2, best(0.1, Double.NaN, 0.9));
    assertEquals(1, best(0.1, 0.9, null), "resumed without a development set");
    assertEquals(3, best(null, null, null, null));
  }

  @Test
  void aLogOfAnyLengthIsReadUpToACheckpoint(@TempDir Path folder) throws IOException {
    TrainingLog log = new TrainingLog();
    for (int step = 1; step <= 40_000; step++) {
      log.add(new TrainingLog.StepRow(step, 1, 0.123456789012345, 1, 1e-4, true));
    }
    log.add(row(0, 1.0));
    log.add(row(1, 0.5));
    log.write(folder);
    TrainingLog read = TrainingLog.read(folder, 30_000, 1);
    assertEquals(log.steps().subList(0, 30_000), read.steps());
    assertEquals(log.epochs().subList(0, 1), read.epochs());
    assertThrows(IOException.class, () -> TrainingLog.read(folder, 40_001, 1));
  }
}
