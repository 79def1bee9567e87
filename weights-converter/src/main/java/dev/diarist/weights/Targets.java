package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Keeps a conversion from writing over anything but what a conversion wrote. */
final class Targets {
  private Targets() {}

  static void checkBundle(Path target) throws IOException {
    checkFolder(
        target,
        "a bundle",
        List.of(ModelFolder.CONFIG_FILE, Converter.SEGMENTATION_FILE, Converter.EMBEDDING_FILE));
  }

  static void checkDiarizers(Path target) throws IOException {
    checkFolder(
        target, "a diarizers repository", List.of(DiarizersConfig.FILE, Converter.DIARIZERS_FILE));
  }

  static void checkPyannotePipeline(Path target) throws IOException {
    checkFolder(
        target,
        "a pipeline of pyannote",
        List.of(
            ModelFolder.CONFIG_FILE,
            PyannoteFolder.SEGMENTATION_FILE,
            PyannoteFolder.EMBEDDING_FILE));
  }

  static void checkPyannoteModel(Path target) throws IOException {
    checkFolder(target, "a model of pyannote", List.of(PyannoteFolder.MODEL_FILE));
  }

  private static void checkFolder(Path target, String what, List<String> files) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new WeightsException("%s: %s is a folder, a file is there".formatted(target, what));
    }
    boolean isSuch = files.stream().allMatch(name -> Files.isRegularFile(target.resolve(name)));
    try (Stream<Path> found = Files.list(target)) {
      if (!isSuch && found.findAny().isPresent()) {
        throw new WeightsException(
            "%s: must be a new folder, an empty one or %s; it holds other files"
                .formatted(target, what));
      }
    }
  }

  static void checkFile(Path target) throws IOException {
    if (!target.toString().endsWith(Converter.ENDING)) {
      throw new WeightsException(
          "%s: a single checkpoint is written to a file that ends in %s"
              .formatted(target, Converter.ENDING));
    }
    Path parent = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(parent)) {
      throw new WeightsException(target + ": its folder does not exist");
    }
    if (Files.exists(target) && !isSafeTensors(target)) {
      throw new WeightsException(target + ": something else than a safetensors file is there");
    }
  }

  private static boolean isSafeTensors(Path file) throws IOException {
    try {
      return FileKind.of(file) == FileKind.SAFETENSORS;
    } catch (WeightsException e) {
      return false;
    }
  }
}
