package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

/** The model that comes with Diarist: a bundle in the jar {@code diarist-default-model}. */
public final class DefaultModel {
  /** What it is called where models are named. */
  public static final String NAME = "default";

  private static final String CONFIG = "dev/diarist/model/" + ModelFolder.CONFIG_FILE;

  private DefaultModel() {}

  /** Whether it is on the class path; an application may leave it out. */
  public static boolean isPresent() {
    return DefaultModel.class.getClassLoader().getResource(CONFIG) != null;
  }

  /**
   * Its folder, for whoever opens models by their folder. It lies in a file system of its own where
   * the class path has it in a jar, which then stays open, as it does for the classes in it.
   *
   * @throws WeightsException if it is not on the class path
   */
  public static Path folder() throws IOException {
    return folder(DefaultModel.class.getClassLoader());
  }

  static Path folder(ClassLoader classPath) throws IOException {
    URL config = classPath.getResource(CONFIG);
    if (config == null) {
      throw new WeightsException(
          "the default model must be on the class path: add the jar diarist-default-model, or name"
              + " another model");
    }
    try {
      URI uri = config.toURI();
      openJar(uri);
      return Path.of(uri).getParent();
    } catch (URISyntaxException e) {
      throw new WeightsException(config + ": the default model cannot be reached there", e);
    }
  }

  private static void openJar(URI uri) throws IOException {
    try {
      Path.of(uri);
    } catch (FileSystemNotFoundException absent) {
      try {
        FileSystems.newFileSystem(uri, Map.of());
      } catch (FileSystemAlreadyExistsException e) {
        // Another thread was faster.
      }
    }
  }
}
