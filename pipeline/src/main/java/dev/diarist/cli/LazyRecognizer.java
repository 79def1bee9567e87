package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.cli.Batch.ModelFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Opens the model when the first recording that can be read asks for it. */
final class LazyRecognizer implements AutoCloseable {
  private final Recognizer.Opener models;
  private final Path model;
  private final UnaryOperator<DiarizerOptions> overrides;
  private final Check check;
  private Recognizer recognizer;

  /** Looks at the model once it is open. */
  @FunctionalInterface
  interface Check {
    /**
     * @throws IOException if it is not the model for this work
     */
    void accept(Recognizer recognizer) throws IOException;
  }

  LazyRecognizer(
      Recognizer.Opener models, Path model, UnaryOperator<DiarizerOptions> overrides, Check check) {
    this.models = models;
    this.model = model;
    this.overrides = overrides;
    this.check = check;
  }

  /**
   * @throws ModelFailure if the model cannot be opened or used, so that no recording can be
   *     diarized
   */
  synchronized Recognizer get() throws ModelFailure {
    if (recognizer == null) {
      try {
        recognizer = checked(models.open(model, overrides));
      } catch (IOException e) {
        throw new ModelFailure(e);
      } catch (IllegalArgumentException e) {
        throw new ModelFailure(new IOException(Failure.sentence(model, e), e));
      }
    }
    return recognizer;
  }

  /** Kept only once it was checked: another thread must not find it where the check failed. */
  private Recognizer checked(Recognizer opened) throws IOException {
    try {
      check.accept(opened);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    if (recognizer != null) {
      recognizer.close();
    }
  }
}
