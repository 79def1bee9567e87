package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the repositories are that a {@code config.yaml} refers to by name. */
@FunctionalInterface
public interface RepositorySource {
  /** Knows no repository: models must lie in the pipeline's own folder. */
  RepositorySource NONE = (repository, revision) -> Optional.empty();

  /**
   * The folder with the files of a repository.
   *
   * @param repository {@code pyannote/segmentation-3.0}
   * @param revision branch, tag or commit; empty for the usual one
   * @return empty if this source is not there to know it
   * @throws WeightsException if it should and cannot; the message says why and what to do
   */
  Optional<Path> folder(String repository, Optional<String> revision) throws IOException;
}
