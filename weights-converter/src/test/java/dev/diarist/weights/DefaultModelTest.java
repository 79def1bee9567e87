package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultModelTest {
  private static final Weights SEGMENTATION = TinyModels.weights(TinyModels.pyanNet(2, true, 6, 3));
  private static final Weights EMBEDDING = TinyModels.weights(TinyModels.resNet(1, 1, 1, 1));

  @TempDir private Path temp;
  private Path classes;
  private Path bundle;

  @BeforeEach
  void bundle() throws IOException {
    classes = temp.resolve("classes");
    bundle = Files.createDirectories(classes.resolve("dev/diarist/model"));
    SafeTensors.write(bundle.resolve("segmentation.safetensors"), SEGMENTATION);
    SafeTensors.write(bundle.resolve("embedding.safetensors"), EMBEDDING);
    new PipelineConfig(
            "segmentation.safetensors",
            "embedding.safetensors",
            Map.of("clustering.threshold", 0.7))
        .write(bundle.resolve("config.yaml"));
  }

  private Path jar() throws IOException {
    Path jar = temp.resolve("a model.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String name :
          new String[] {"config.yaml", "segmentation.safetensors", "embedding.safetensors"}) {
        out.putNextEntry(new JarEntry("dev/diarist/model/" + name));
        Files.copy(bundle.resolve(name), out);
        out.closeEntry();
      }
    }
    return jar;
  }

  private static URLClassLoader classPath(Path root) throws IOException {
    return new URLClassLoader(new URL[] {root.toUri().toURL()}, null);
  }

  @Test
  void aBundleInAJarIsOpenedAsAFolderIs() throws Exception {
    try (URLClassLoader classPath = classPath(jar())) {
      Path folder = DefaultModel.folder(classPath);
      assertTrue(folder.getFileSystem() != FileSystems.getDefault());
      try {
        ModelFolder model = ModelFolder.open(folder);
        assertEquals(0.7, model.config().settings().get("clustering.threshold"));
        for (String name : EMBEDDING.names()) {
          assertArrayEquals(EMBEDDING.floats(name), model.embedding().floats(name), name);
        }
        assertEquals(folder, DefaultModel.folder(classPath), "the jar is opened once");
      } finally {
        folder.getFileSystem().close();
      }
    }
  }

  @Test
  void aBundleInAJarIsConvertedAsAFolderIs() throws Exception {
    Path fromFolder = temp.resolve("from-folder");
    Path fromJar = temp.resolve("from-jar");
    Converter.convert(bundle, fromFolder);
    try (URLClassLoader classPath = classPath(jar())) {
      Path folder = DefaultModel.folder(classPath);
      try {
        Converter.convert(folder, fromJar);
      } finally {
        folder.getFileSystem().close();
      }
    }
    for (String name :
        new String[] {"config.yaml", "segmentation.safetensors", "embedding.safetensors"}) {
      assertEquals(-1, Files.mismatch(fromFolder.resolve(name), fromJar.resolve(name)), name);
    }
  }

  @Test
  void aBundleAmongClassesLiesInItsFolder() throws Exception {
    try (URLClassLoader classPath = classPath(classes)) {
      assertEquals(bundle, DefaultModel.folder(classPath));
    }
  }

  @Test
  void whereItIsLeftOutASentenceSaysSo() throws Exception {
    try (URLClassLoader classPath = classPath(temp)) {
      assertEquals(
          "the default model must be on the class path: add the jar diarist-default-model, or name"
              + " another model",
          assertThrows(WeightsException.class, () -> DefaultModel.folder(classPath)).getMessage());
    }
  }
}
