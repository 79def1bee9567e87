package dev.diarist;

import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;

/** The small model and the recording that ship with the project. */
public final class SmallModel {
  private static final Path GOLDEN =
      Path.of(System.getProperty("diarist.root", "..")).resolve("tests/shared/golden");

  public static final Path FOLDER = GOLDEN.resolve("models/small");
  public static final Path RECORDING = GOLDEN.resolve("audio/dialogue-synthetic.wav");

  private SmallModel() {}

  public static ModelFolder open() throws IOException {
    return ModelFolder.open(FOLDER);
  }
}
