package dev.diarist.weights.archive;

import dev.diarist.nn.weights.WeightsException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The names in an archive: each once, and none that would lead out of a folder. */
final class EntryNames {
  private static final int MAX_CHARACTERS = 1_000;

  private final String fileName;
  private final Set<String> seen = new HashSet<>();

  EntryNames(String fileName) {
    this.fileName = fileName;
  }

  /**
   * @throws WeightsException if the name was there before, is absolute, or holds a part that is
   *     none
   */
  String add(String name) throws WeightsException {
    boolean leads =
        name.startsWith("/")
            || name.indexOf('\\') >= 0
            || name.indexOf('\0') >= 0
            || name.indexOf(':') >= 0
            || Arrays.asList(name.split("/", -1)).contains("..");
    if (name.isEmpty() || name.length() > MAX_CHARACTERS || leads) {
      throw new WeightsException(
          "%s: the name of an entry must be a path inside the archive, found '%s'"
              .formatted(fileName, name.substring(0, Math.min(name.length(), MAX_CHARACTERS))));
    }
    if (!seen.add(name)) {
      throw new WeightsException("%s: the archive has two entries '%s'".formatted(fileName, name));
    }
    return name;
  }
}
