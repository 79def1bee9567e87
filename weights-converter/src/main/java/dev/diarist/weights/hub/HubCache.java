package dev.diarist.weights.hub;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * One repository in the cache that Python's huggingface_hub keeps: {@code blobs/ETAG} holds the
 * files, {@code snapshots/COMMIT/PATH} links to them, {@code refs/REVISION} names commits.
 *
 * <p>Source: "Understand caching" in the documentation of huggingface_hub.
 */
final class HubCache {
  private static final int COMMIT_DIGITS = 40;

  private final RepositoryName repository;
  private final Path root;

  HubCache(Path cache, RepositoryName repository) {
    this.repository = repository;
    root = cache.resolve("models--" + repository.owner() + "--" + repository.name());
  }

  /** The snapshot of the revision; empty if it is not here. */
  Optional<Path> snapshot() throws IOException {
    Optional<String> commit =
        RepositoryName.isCommit(repository.revision())
            ? Optional.of(repository.revision())
            : commitOfReference();
    return commit.map(this::snapshot).filter(Files::isDirectory);
  }

  Path snapshot(String commit) {
    return root.resolve("snapshots").resolve(commit);
  }

  private Optional<String> commitOfReference() throws IOException {
    Path reference = reference();
    if (!Files.isRegularFile(reference) || Files.size(reference) > 2 * COMMIT_DIGITS) {
      return Optional.empty();
    }
    String commit = Files.readString(reference, StandardCharsets.US_ASCII).strip();
    return Optional.of(commit).filter(RepositoryName::isCommit);
  }

  private Path reference() {
    return root.resolve("refs").resolve(repository.revision());
  }

  void refer(String commit) throws IOException {
    if (!RepositoryName.isCommit(repository.revision())) {
      Files.createDirectories(reference().getParent());
      Path beside = Files.createTempFile(reference().getParent(), ".ref", ".part");
      Files.writeString(beside, commit);
      Files.move(beside, reference(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Where a file's bytes are, or are to be. */
  Path blob(HubFile file) throws IOException {
    return Files.createDirectories(root.resolve("blobs")).resolve(file.etag());
  }

  /** Whether a file of a commit is here. */
  boolean holds(String commit, String path) throws WeightsException {
    return Files.isRegularFile(place(commit, path));
  }

  /** Puts a file's name into the snapshot of its commit. */
  void link(String commit, HubFile file) throws IOException {
    Path place = place(commit, file.path());
    Files.createDirectories(place.getParent());
    Path blob = blob(file);
    try {
      Files.createSymbolicLink(place, place.getParent().relativize(blob));
    } catch (FileAlreadyExistsException e) {
      // another process was as quick; the commit says that it is the same file
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(blob, place, StandardCopyOption.REPLACE_EXISTING); // no links on this file system
    }
  }

  private Path place(String commit, String path) throws WeightsException {
    Path snapshot = snapshot(commit);
    boolean leads =
        path.startsWith("/")
            || path.indexOf('\\') >= 0
            || path.indexOf(':') >= 0
            || path.indexOf('\0') >= 0
            || Arrays.stream(path.split("/", -1)).anyMatch(p -> p.isEmpty() || p.startsWith("."));
    if (leads || !snapshot.resolve(path).normalize().startsWith(snapshot)) {
      throw new WeightsException(
          "%s: the path of a file must lead into the repository, found '%s'"
              .formatted(repository, path));
    }
    return snapshot.resolve(path);
  }
}
