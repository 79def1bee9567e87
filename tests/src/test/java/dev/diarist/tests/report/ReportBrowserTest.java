package dev.diarist.tests.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diarist.cli.Main;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of an evaluation in a real browser without a window: the Chromium or Chrome that {@code
 * -Ddiarist.browser=…} names, or one on the path.
 */
class ReportBrowserTest {
  private static final long SECONDS = 180;
  private static final int BLUE = 0x1f77b4;
  private static final int GREEN = 0x2ca02c;
  private static final int RED = 0xd62728;
  private static final int VIOLET = 0x7b2cbf;

  @TempDir private Path folder;
  private String browser;
  private Path page;

  private static Optional<String> browser() {
    String named = System.getProperty("diarist.browser", "");
    return Stream.concat(
            Stream.of(named).filter(name -> !name.isEmpty()),
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(
                    path ->
                        Stream.of("chromium", "chromium-browser", "google-chrome")
                            .map(name -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .map(Path::toString))
        .findFirst();
  }

  @BeforeEach
  void writePage() throws IOException {
    assumeTrue(browser().isPresent(), "skipped: no Chromium on the path (diarist.browser)");
    browser = browser().get();
    Path reference = folder.resolve("reference.rttm");
    Path hypothesis = folder.resolve("hypothesis.rttm");
    Files.writeString(
        reference,
        """
        SPEAKER talk 1 0 10 <NA> <NA> Ann <NA> <NA>
        SPEAKER talk 1 10 10 <NA> <NA> Bob <NA> <NA>
        """);
    Files.writeString(
        hypothesis,
        """
        SPEAKER talk 1 0 15 <NA> <NA> x <NA> <NA>
        SPEAKER talk 1 15 2 <NA> <NA> y <NA> <NA>
        """);
    page = folder.resolve("page.html");
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new String[] {
              "evaluate",
              reference.toString(),
              hypothesis.toString(),
              "--format=html",
              "--output=" + page
            },
            new PrintWriter(new StringWriter()),
            new PrintWriter(err));
    assertEquals(0, code, err.toString());
  }

  private String browse(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                browser,
                "--headless=new",
                "--no-sandbox", // which a container has no rights for
                "--disable-gpu",
                "--hide-scrollbars",
                "--window-size=1000,900",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(options));
    command.add(page.toUri().toString());
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "the browser does not come back");
    return Files.readString(out);
  }

  @Test
  void theLanesAreThereAndThePageIsAlive() throws Exception {
    String dom = browse("--dump-dom");
    assertEquals(2, count(dom, "class=\"lane reference\""), dom);
    assertEquals(2, count(dom, "class=\"lane hypothesis\""));
    assertEquals(1, count(dom, "data-ready=\"true\""), "the script has run");
  }

  @Test
  void theLanesAreSeen() throws Exception {
    Path picture = folder.resolve("picture.png");
    browse("--screenshot=" + picture);
    BufferedImage image = ImageIO.read(picture.toFile());
    // Lanes are some 900 pixels wide for 20 s, blocks 14 high.
    assertEquals(10 + 15, seconds(image, BLUE), 2); // Ann, and x who is Ann
    assertEquals(10 + 2, seconds(image, GREEN), 2);
    assertEquals(3, seconds(image, RED), 1);
    assertEquals(5, seconds(image, VIOLET), 1);
  }

  /** What pixels of a colour make up, taken for blocks of lanes. */
  private static double seconds(BufferedImage image, int colour) {
    int pixels = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        pixels += (image.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
      }
    }
    return pixels / 14. / 900 * 20;
  }

  private static long count(String text, String part) {
    return Pattern.compile(part).matcher(text).results().count();
  }
}
