package dev.diarist.weights;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Gives each target what fuzzing has found for it, this time without instrumentation, so that the
 * bounds of memory are the real ones; skips where nothing has been fuzzed.
 */
class FuzzCorpusTest {
  /** Where Jazzer keeps inputs that reach new code: a folder for each class, in it each method. */
  private static final Path CORPUS = Path.of(".cifuzz-corpus");

  @TestFactory
  Stream<DynamicTest> everyInputThatFuzzingKeptIsReadOrRefused() throws IOException {
    assumeTrue(
        Files.isDirectory(CORPUS),
        "skipped: nothing was fuzzed here (no %s)".formatted(CORPUS.toAbsolutePath()));
    return children(CORPUS).stream()
        .flatMap(type -> children(type).stream())
        .map(target -> DynamicTest.dynamicTest(target.toString(), () -> readAll(target)));
  }

  private static void readAll(Path target) throws Throwable {
    Class<?> type = Class.forName(target.getParent().getFileName().toString());
    Constructor<?> constructor = type.getDeclaredConstructor();
    Method method = type.getDeclaredMethod(target.getFileName().toString(), byte[].class);
    constructor.setAccessible(true);
    method.setAccessible(true);
    for (Path input : children(target)) {
      try {
        method.invoke(constructor.newInstance(), (Object) Files.readAllBytes(input));
      } catch (InvocationTargetException e) {
        throw new AssertionError(input + ": " + e.getCause(), e.getCause());
      }
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
