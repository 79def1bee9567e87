package dev.diarist.report;

import dev.diarist.dataset.AudioLocation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a page finds the recordings of a data set. */
public final class AudioLinks {
  private AudioLinks() {}

  /**
   * Name of recording → relative link from the folder of {@code page}, so that page and recordings
   * may move together. Audio inside Parquet files has none.
   *
   * @param page null for one in the working directory
   */
  public static Map<String, URI> from(Path page, Dataset dataset) {
    Path folder = page == null ? Path.of("").toAbsolutePath() : page.toAbsolutePath().getParent();
    Map<String, URI> links = new LinkedHashMap<>();
    for (Recording recording : dataset.recordings()) {
      if (recording.audio().orElse(null) instanceof AudioLocation.InFile(Path file)) {
        links.put(recording.uri(), link(folder, file.toAbsolutePath()));
      }
    }
    return links;
  }

  private static URI link(Path folder, Path file) {
    if (!file.getRoot().equals(folder.getRoot())) {
      return file.toUri();
    }
    try {
      String relative = folder.normalize().relativize(file.normalize()).toString();
      String path = relative.replace(file.getFileSystem().getSeparator(), "/");
      // What stands before a colon in the first name would be read as a scheme.
      boolean named = path.indexOf(':') >= 0 && !path.startsWith("../");
      return new URI(null, null, named ? "./" + path : path, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(file + " has no relative link", e);
    }
  }
}
