package dev.diarist.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.report.TrialPlot;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunerTest {
  private static final Map<String, Double> START =
      Map.of(
          "clustering.threshold", 0.7,
          "clustering.min_cluster_size", 12.0,
          "segmentation.min_duration_off", 0.0);

  @TempDir private Path folder;
  private int evaluations;

  /** Smallest at threshold 1.2, size 5 and pauses of 0.3 s; flat in steps, as an error rate is. */
  private double valley(Map<String, String> parameters) {
    evaluations++;
    double threshold = Double.parseDouble(parameters.get("clustering.threshold")) - 1.2;
    int size = Integer.parseInt(parameters.get("clustering.min_cluster_size")) - 5;
    double off = Double.parseDouble(parameters.get("segmentation.min_duration_off")) - 0.3;
    return Math.rint(1000 * (threshold * threshold + 0.01 * size * size + off * off)) / 1000;
  }

  private static Tuner tuner(int trials, long seed) {
    return new Tuner(TunedParameter.known(), trials, seed);
  }

  private List<Trial> run(Tuner tuner, TrialLog log) throws IOException {
    return tuner.run(START, this::valley, log, trial -> {});
  }

  @Test
  void theBottomOfAValleyIsFound() throws IOException {
    List<Trial> trials = run(tuner(250, 1), TrialLog.begin(folder.resolve("t"), "s"));
    assertEquals(250, trials.size());
    assertEquals(
        Map.of(
            "clustering.threshold", "0.7",
            "clustering.min_cluster_size", "12",
            "segmentation.min_duration_off", "0.0"),
        trials.getFirst().parameters());
    Trial best = Tuner.best(trials);
    assertEquals(1.2, Double.parseDouble(best.parameters().get("clustering.threshold")), 0.05);
    assertEquals("5", best.parameters().get("clustering.min_cluster_size"));
    assertTrue(best.value() <= 0.002, best::toString);
  }

  @Test
  void everyTrialIsWithinItsRange() throws IOException {
    Tuner tuner = new Tuner(List.of(TunedParameter.parse("clustering.threshold=0.5:0.75")), 60, 3);
    List<Trial> trials =
        tuner.run(
            START,
            p -> -Double.parseDouble(p.get("clustering.threshold")),
            TrialLog.begin(folder.resolve("t"), "s"),
            trial -> {});
    for (Trial trial : trials) {
      double value = Double.parseDouble(trial.parameters().get("clustering.threshold"));
      assertTrue(value >= 0.5 && value <= 0.75, trial::toString);
    }
    assertEquals(0.75, -Tuner.best(trials).value(), 1e-3);
  }

  @Test
  void aStudyThatWasBrokenOffGoesOnAsIfNothingHadHappened() throws IOException {
    List<Trial> whole = run(tuner(150, 5), TrialLog.begin(folder.resolve("whole"), "s"));
    Path broken = folder.resolve("broken");
    run(tuner(83, 5), TrialLog.begin(broken, "s"));
    Files.writeString(broken, Files.readString(broken) + "{\"trial\":83,\"val"); // cut off
    evaluations = 0;
    List<Trial> resumed = run(tuner(150, 5), TrialLog.resume(broken, "s"));
    assertEquals(whole, resumed);
    assertTrue(evaluations <= 150 - 83, "evaluated " + evaluations);
    assertEquals(
        Files.readString(folder.resolve("whole")), Files.readString(broken), "the two logs");
  }

  @Test
  void theSeedDecides() throws IOException {
    List<Trial> one = run(tuner(20, 1), TrialLog.begin(folder.resolve("1"), "s"));
    List<Trial> same = run(tuner(20, 1), TrialLog.begin(folder.resolve("1b"), "s"));
    List<Trial> two = run(tuner(20, 2), TrialLog.begin(folder.resolve("2"), "s"));
    assertEquals(one, same);
    Set<Map<String, String>> tried =
        one.stream().skip(1).map(Trial::parameters).collect(Collectors.toSet());
    assertTrue(two.stream().skip(1).map(Trial::parameters).noneMatch(tried::contains));
  }

  @Test
  void sameParametersAreNotTriedTwice() throws IOException {
    Tuner sizes = new Tuner(List.of(TunedParameter.parse("clustering.min_cluster_size")), 100, 1);
    List<String> tried = new ArrayList<>();
    List<Trial> trials =
        sizes.run(
            START,
            p -> {
              tried.add(p.get("clustering.min_cluster_size"));
              return Integer.parseInt(p.get("clustering.min_cluster_size"));
            },
            TrialLog.begin(folder.resolve("t"), "s"),
            trial -> {});
    assertEquals(100, trials.size());
    assertEquals(Set.copyOf(tried).size(), tried.size());
  }

  @Test
  void theTrialsOfAnotherStudyAreRefused() throws IOException {
    Path file = folder.resolve("t");
    run(tuner(10, 1), TrialLog.begin(file, "one"));
    assertThrows(FileAlreadyExistsException.class, () -> TrialLog.begin(file, "one"));
    String message =
        assertThrows(IOException.class, () -> TrialLog.resume(file, "two")).getMessage();
    assertEquals(file + ": is a study of its own, one; this one would be two", message);
    TrialLog other = TrialLog.resume(file, "one");
    assertTrue(
        assertThrows(IOException.class, () -> run(tuner(10, 2), other))
            .getMessage()
            .startsWith(file + ": trial 1 must have {"));
    Files.writeString(file, Files.readString(file).replace("\"trial\":4", "\"trial\":5"));
    assertEquals(
        file + ": line 6 must be trial 4",
        assertThrows(IOException.class, () -> TrialLog.resume(file, "one")).getMessage());
  }

  @Test
  void whatCannotBeTunedIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> TunedParameter.parse("embedding_batch_size"));
    for (String range : List.of("1", "2:1", "a:b", "-1:1", "0:1:2", "0:Infinity")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TunedParameter.parse("clustering.threshold=" + range),
          range);
    }
  }

  @Test
  void thePlotHasADotForEachTrialInEachPanel() throws Exception {
    List<Trial> trials = run(tuner(12, 1), TrialLog.begin(folder.resolve("t"), "s"));
    var svg =
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new java.io.ByteArrayInputStream(
                    TrialPlot.svg(trials, "diarization error rate")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertEquals(4 * 12, svg.getElementsByTagName("circle").getLength());
    assertEquals(5, svg.getElementsByTagName("path").getLength());
  }
}
