package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.cli.Main;
import dev.diarist.weights.PipelineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line tunes the small model on the synthetic dialogue. */
class OptimizeTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("diarist.root")).resolve("tests/shared/golden");

  @TempDir private Path folder;

  private record Run(int code, String err) {}

  private Run optimize(int trials, String... more) throws IOException {
    Path data = folder.resolve("data");
    if (!Files.exists(data)) {
      Files.createDirectories(data);
      Files.copy(
          GOLDEN.resolve("audio/dialogue-synthetic.wav"), data.resolve("dialogue-synthetic.wav"));
      Files.copy(
          GOLDEN.resolve("audio/dialogue-synthetic.ref.rttm"), data.resolve("reference.rttm"));
    }
    List<String> args =
        new ArrayList<>(
            List.of(
                "optimize",
                data.toString(),
                "--model=" + GOLDEN.resolve("models/small"),
                "--output=" + folder.resolve("study"),
                "--set=clustering.threshold=2",
                "--trials=" + trials));
    args.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            args.toArray(String[]::new), new PrintWriter(new StringWriter()), new PrintWriter(err));
    return new Run(code, err.toString());
  }

  @Test
  void aPoorThresholdIsMendedAndAStudyGoesOn() throws IOException {
    Run first = optimize(60);
    assertEquals(0, first.code, first.err);
    assertTrue(first.err.contains("dialogue-synthetic: the networks listen"), first.err);
    List<Double> values = values();
    assertEquals(60, values.size());
    double best = values.stream().min(Double::compare).orElseThrow();
    assertTrue(best < 0.9 * values.getFirst(), "from " + values.getFirst() + " to " + best);

    Run again = optimize(70);
    assertEquals(1, again.code);
    assertTrue(again.err.contains("--resume goes on with it"), again.err);

    Run resumed = optimize(70, "--resume");
    assertEquals(0, resumed.code, resumed.err);
    assertTrue(!resumed.err.contains("the networks listen"), resumed.err);
    assertEquals(values, values().subList(0, 60));
    assertEquals(70, values().size());

    PipelineConfig config = PipelineConfig.read(folder.resolve("study/config.yaml"));
    double threshold = (Double) config.settings().get("clustering.threshold");
    assertTrue(threshold < 2, "threshold " + threshold);
    assertTrue(Files.readString(folder.resolve("study/trials.svg")).startsWith("<svg "));
  }

  @Test
  void whatTheNetworksSaidInAnotherModeIsNotUsed() throws IOException {
    assertEquals(0, optimize(2).code);
    Files.delete(folder.resolve("study/trials.jsonl")); // what the networks said stays
    Run same = optimize(2);
    assertEquals(0, same.code, same.err);
    assertTrue(!same.err.contains("the networks listen"), same.err);
    Files.delete(folder.resolve("study/trials.jsonl"));
    Run other = optimize(2, "--mode=fast");
    assertEquals(0, other.code, other.err);
    assertTrue(other.err.contains("the networks listen"), other.err);
  }

  private List<Double> values() throws IOException {
    return Files.readAllLines(folder.resolve("study/trials.jsonl")).stream()
        .skip(1)
        .map(line -> line.replaceAll(".*\"value\":([^,]+),.*", "$1"))
        .map(Double::valueOf)
        .toList();
  }
}
