package dev.diarist.tests.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One recording.
 *
 * @param name its folder, from that of its kind
 * @param folder where it is
 * @param manifest how it was made and what it holds
 */
record GoldenCase(String name, Path folder, JsonNode manifest) {

  static GoldenCase read(String name, Path manifest) {
    try {
      return new GoldenCase(
          name, manifest.getParent(), new ObjectMapper().readTree(manifest.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the recording itself holds an array, rather than one it is a variant of. */
  boolean holds(String array) {
    return manifest.path("arrays").has(array);
  }

  Weights arrays(String file) throws IOException {
    return SafeTensors.read(folder.resolve(file));
  }

  /**
   * The recording of which this is a variant: the one with the longest name before a dot that holds
   * {@code array}; this one where it does itself.
   */
  GoldenCase plain(String array) throws IOException {
    if (holds(array)) {
      return this;
    }
    String folderName = folder.getFileName().toString();
    for (int dot = folderName.lastIndexOf('.');
        dot > 0;
        dot = folderName.lastIndexOf('.', dot - 1)) {
      Path base = folder.resolveSibling(folderName.substring(0, dot)).resolve("manifest.json");
      if (Files.exists(base)) {
        GoldenCase plain = read(base.getParent().getFileName().toString(), base);
        if (plain.holds(array)) {
          return plain;
        }
      }
    }
    throw new IOException("no recording that " + name + " varies holds " + array);
  }

  @Override
  public String toString() {
    return name;
  }
}
