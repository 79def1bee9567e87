package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the file that a reference of {@code config.yaml} means.
 *
 * <p>In this order: the file of that path in the pipeline's folder; in a folder of that path, of
 * the last part of the name, and of the role, one of the usual names of a model's file; the
 * bundle's file of the role; for the name of a repository, the same names in its folder. {@code
 * $model} stands for the pipeline's folder.
 */
final class ModelReference {
  /** What 4.x writes in front of paths in the pipeline's own repository. */
  private static final String OWN_REPOSITORY = "$model/";

  private static final String NAME_PART = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final Pattern REPOSITORY =
      Pattern.compile("(" + NAME_PART + "/" + NAME_PART + ")(?:@([A-Za-z0-9._/-]+))?");

  private final Path folder;
  private final String role;
  private final String reference;
  private final RepositorySource repositories;

  /**
   * @param role {@code segmentation}, {@code embedding} or {@code plda}
   */
  ModelReference(Path folder, String role, String reference, RepositorySource repositories) {
    this.folder = folder;
    this.role = role;
    this.reference = reference;
    this.repositories = repositories;
  }

  /**
   * The file of a network.
   *
   * @throws WeightsException if the reference leads out of the folder, or there is no such file
   */
  Path file() throws IOException {
    Set<Path> candidates = new LinkedHashSet<>();
    candidates.add(inside(path()));
    for (Path candidate : folders()) {
      addFolder(candidates, candidate);
    }
    candidates.add(folder.resolve(role + ".safetensors"));
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    Set<Path> elsewhere = new LinkedHashSet<>();
    Optional<Path> repository = repository();
    if (repository.isPresent()) {
      addFolder(elsewhere, repository.get());
    }
    for (Path candidate : elsewhere) {
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new WeightsException(
        "%s: the %s model '%s' is not in this folder; download its pytorch_model.bin and put it at %s"
            .formatted(
                folder, role, reference, folder.resolve(role).resolve(Network.FILES.getFirst())));
  }

  /** The folders of the pipeline that the reference may mean. */
  List<Path> folders() throws WeightsException {
    return List.of(inside(path()), inside(lastPart()), folder.resolve(role));
  }

  private Optional<Path> repository() throws IOException {
    Matcher name = REPOSITORY.matcher(reference);
    if (!name.matches() || reference.startsWith(OWN_REPOSITORY)) {
      return Optional.empty();
    }
    return repositories.folder(name.group(1), Optional.ofNullable(name.group(2)));
  }

  private static void addFolder(Set<Path> candidates, Path candidate) {
    for (String file : Network.FILES) {
      candidates.add(candidate.resolve(file));
    }
  }

  /** The reference as a path in the pipeline's folder. */
  private String path() {
    return reference.startsWith(OWN_REPOSITORY)
        ? withoutRevision(reference.substring(OWN_REPOSITORY.length()))
        : reference;
  }

  private Path inside(String path) throws WeightsException {
    Path root = folder.toAbsolutePath().normalize();
    Path resolved;
    try {
      resolved = root.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw refused(e);
    }
    // A backslash parts folders on Windows only; no reference needs one.
    if (!resolved.startsWith(root) || Path.of(path).isAbsolute() || path.indexOf('\\') >= 0) {
      throw refused(null);
    }
    return folder.resolve(root.relativize(resolved));
  }

  private WeightsException refused(Exception cause) {
    return new WeightsException(
        "%s: the %s model must be a path inside this folder or a name on the hub, found '%s'"
            .formatted(folder, role, reference),
        cause);
  }

  /** {@code segmentation-3.0} of {@code pyannote/segmentation-3.0@main}. */
  private String lastPart() {
    return withoutRevision(reference.substring(reference.lastIndexOf('/') + 1));
  }

  private static String withoutRevision(String name) {
    return name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
  }
}
