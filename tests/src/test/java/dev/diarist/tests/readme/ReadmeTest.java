package dev.diarist.tests.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows must work. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("diarist.root", ".."));

  @TempDir private Path folder;

  @Test
  void theJavaExampleCompiles() throws IOException {
    Path source = folder.resolve("Example.java");
    Files.writeString(source, block("java"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, () -> diagnostics.getDiagnostics().toString());
    }
  }

  @Test
  void theJavaExampleHasTenLinesOrSo() throws IOException {
    List<String> code = block("java").lines().filter(line -> !line.startsWith("import")).toList();
    assertTrue(code.size() <= 12, () -> code.size() + " lines");
  }

  @Test
  void thePathsOfTheFirstCommandExist() throws IOException {
    Matcher paths = Pattern.compile("tests/\\S+").matcher(block("sh"));
    int found = 0;
    while (paths.find()) {
      assertTrue(Files.exists(ROOT.resolve(paths.group())), paths.group());
      found++;
    }
    assertEquals(1, found);
  }

  /** The first block of a language. */
  private static String block(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(matcher.find(), "README.md has a block of " + language);
    return matcher.group(1);
  }
}
