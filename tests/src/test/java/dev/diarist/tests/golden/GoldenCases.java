package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The golden recordings of pyannote.audio 3.3.2 that the tests find, in the folder {@code golden}
 * of the system property {@code diarist.shared}.
 */
final class GoldenCases {
  private static final String PROPERTY = "diarist.shared";

  /** Set where golden recordings must be found: their absence is a failure then. */
  private static final String REQUIRED = "diarist.golden.required";

  /** Part of the names of the cases to run; empty for all. */
  private static final String ONLY = System.getProperty("diarist.golden.only", "");

  private static final String MANIFEST = "manifest.json";

  private GoldenCases() {}

  /** The folder of shared data, which the paths in manifests start from; it may be absent. */
  static Path shared() {
    return Path.of(System.getProperty(PROPERTY, "../../shared")).toAbsolutePath().normalize();
  }

  static boolean present() {
    return Files.isDirectory(golden());
  }

  static Path golden() {
    return shared().resolve("golden");
  }

  /** The kinds of recordings: the folders in {@code golden}, by name. */
  static List<String> kinds() throws IOException {
    try (Stream<Path> folders = Files.list(golden())) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The cases of a kind: every folder below {@code golden/kind} with a manifest, by path. */
  static List<GoldenCase> of(String kind) throws IOException {
    return in(golden().resolve(kind));
  }

  /** The cases below a folder, likewise. */
  static List<GoldenCase> in(Path folder) throws IOException {
    List<Path> manifests;
    try (Stream<Path> files = Files.walk(folder)) {
      manifests = files.filter(file -> file.endsWith(MANIFEST)).sorted().toList();
    }
    if (manifests.isEmpty()) {
      throw new IOException("golden recordings must have a manifest.json, found none in " + folder);
    }
    return manifests.stream()
        .map(file -> GoldenCase.read(folder.relativize(file.getParent()).toString(), file))
        .filter(golden -> golden.name().contains(ONLY))
        .toList();
  }

  /** The cases of a kind that keeps its manifests as {@code name.json}, by name. */
  static List<GoldenCase> flat(String kind) throws IOException {
    Path folder = golden().resolve(kind);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .filter(name -> name.contains(ONLY))
          .map(name -> GoldenCase.read(name, folder.resolve(name + ".json")))
          .toList();
    }
  }

  /**
   * One test for each case of a kind that {@code selected} accepts; one skipped test where there is
   * no shared data.
   */
  static Stream<DynamicTest> test(String kind, Predicate<GoldenCase> selected, Check check)
      throws IOException {
    if (!present()) {
      return Stream.of(skipped(kind));
    }
    List<GoldenCase> cases = of(kind).stream().filter(selected).toList();
    if (cases.isEmpty() && ONLY.isEmpty()) {
      throw new IOException("no golden case of the kind " + kind + " is of use to this test");
    }
    return cases.stream().map(golden -> test(kind, golden, check));
  }

  /** One test that counts as a comparison of its kind. */
  static DynamicTest test(String kind, GoldenCase golden, Check check) {
    return test(kind, golden.name(), golden, check);
  }

  /** The same under a name of its own, for a case that is compared in several ways. */
  static DynamicTest test(String kind, String name, GoldenCase golden, Check check) {
    return dynamicTest(
        name,
        () -> {
          check.run(golden);
          GoldenTally.compared(kind, golden.folder() + name);
        });
  }

  /** A test that reports that there is no shared data. */
  static DynamicTest skipped(String name) {
    return dynamicTest(
        name,
        () -> {
          String where = "no shared data (" + PROPERTY + "=" + shared() + ")";
          assertFalse(Boolean.getBoolean(REQUIRED), where);
          abort("skipped: " + where);
        });
  }

  /** Compares what is computed with what was recorded. */
  @FunctionalInterface
  interface Check {
    void run(GoldenCase golden) throws IOException;
  }
}
