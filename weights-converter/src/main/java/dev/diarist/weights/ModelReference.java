package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the file that a reference of {@code config.yaml} means, in the pipeline's folder only.
 *
 * <p>In this order: the file of that path; in a folder of that path, of the last part of the name,
 * and of the role, {@code pytorch_model.bin} or {@code model.safetensors}; the bundle's file of the
 * role.
 */
final class ModelReference {
  private static final List<String> MODEL_FILES = List.of("pytorch_model.bin", "model.safetensors");

  private final Path folder;
  private final String role;
  private final String reference;

  /**
   * @param role {@code segmentation} or {@code embedding}
   */
  ModelReference(Path folder, String role, String reference) {
    this.folder = folder;
    this.role = role;
    this.reference = reference;
  }

  /**
   * @throws WeightsException if the reference leads out of the folder, or there is no such file
   */
  Path file() throws WeightsException {
    Path named = inside(reference);
    Set<Path> candidates = new LinkedHashSet<>();
    candidates.add(named);
    addFolder(candidates, named);
    addFolder(candidates, inside(lastPart()));
    addFolder(candidates, folder.resolve(role));
    candidates.add(folder.resolve(role + ".safetensors"));
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new WeightsException(
        "%s: the %s model '%s' is not in this folder; download its pytorch_model.bin and put it at %s"
            .formatted(
                folder, role, reference, folder.resolve(role).resolve(MODEL_FILES.getFirst())));
  }

  private static void addFolder(Set<Path> candidates, Path candidate) {
    for (String file : MODEL_FILES) {
      candidates.add(candidate.resolve(file));
    }
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
    String name = reference.substring(reference.lastIndexOf('/') + 1);
    return name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
  }
}
