package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.simulation.SpokenFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small network is trained from nothing, by a teacher, and further: on a minute of talk. */
class TrainSegmentationCommandTest {
  @TempDir private Path folder;
  private Path talk;

  @BeforeEach
  void simulate() throws Exception {
    Path speech = Files.createDirectory(folder.resolve("speech"));
    SpokenFolder.write(speech, 3);
    Path turns = folder.resolve("turns.rttm");
    Files.writeString(
        turns,
        """
        SPEAKER talk 1 0.0 4.0 <NA> <NA> A <NA> <NA>
        SPEAKER talk 1 3.5 6.0 <NA> <NA> B <NA> <NA>
        SPEAKER talk 1 10.0 2.0 <NA> <NA> A <NA> <NA>
        """);
    talk = folder.resolve("talk");
    CommandLineRun made =
        run(
            "simulate",
            speech.toString(),
            "--statistics",
            turns.toString(),
            "--count",
            "1",
            "--minutes",
            "0.4",
            "--speakers",
            "2-3",
            "--output",
            talk.toString());
    assertEquals(0, made.code(), made.err());
  }

  private static CommandLineRun run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out), new PrintWriter(err));
    return new CommandLineRun(code, out.toString(), err.toString());
  }

  private CommandLineRun train(String output, String... options) {
    String dataset = talk + "/database.yml:Simulated.SpeakerDiarization.Conversations.train";
    List<String> args = new ArrayList<>(List.of("train", "segmentation", dataset));
    args.addAll(List.of("--hidden", "4", "--layers", "1", "--batch", "4", "--epochs", "1"));
    args.addAll(List.of("--output", folder.resolve(output).toString()));
    args.addAll(List.of(options));
    return run(args.toArray(String[]::new));
  }

  private Weights segmentation(String output) throws Exception {
    return SafeTensors.read(folder.resolve(output).resolve("bundle/segmentation.safetensors"));
  }

  @Test
  void aNetworkIsTrainedFromNothingAndThenFurther() throws Exception {
    CommandLineRun trained = train("first");
    assertEquals(0, trained.code(), trained.err());
    for (String file :
        List.of("diarizers/config.json", "loss.svg", "log.json", "steps.csv", "epochs.csv")) {
      assertTrue(Files.isRegularFile(folder.resolve("first").resolve(file)), file);
    }
    String card = Files.readString(folder.resolve("first/README.md"));
    assertTrue(card.contains("This model was trained on "), card);
    assertFalse(card.contains("base_model"), card);
    assertArrayEquals(
        new long[] {16, 60}, segmentation("first").tensor("lstm.weight_ih_l0").shape());

    CommandLineRun again = train("first");
    assertEquals(2, again.code());
    assertTrue(again.err().contains("--resume goes on with it"), again.err());

    String first = folder.resolve("first/bundle/segmentation.safetensors").toString();
    String dataset = talk + "/database.yml:Simulated.SpeakerDiarization.Conversations.train";
    CommandLineRun further =
        run(
            "finetune",
            first,
            dataset,
            "--development",
            dataset,
            "--epochs",
            "2",
            "--license",
            "mit",
            "--output",
            folder.resolve("second").toString());
    assertEquals(0, further.code(), further.err());
    assertEquals(3, further.err().lines().filter(line -> line.contains("epoch ")).count());
    card = Files.readString(folder.resolve("second/README.md"));
    assertTrue(card.contains("license: \"mit\"\nbase_model: "), card);
    assertTrue(card.contains("- num_epochs: 2\n"), card);
    assertTrue(card.contains("- False Alarm: 0."), card);
    String weight = "classifier.weight";
    assertFalse(
        Arrays.equals(segmentation("first").floats(weight), segmentation("second").floats(weight)));
  }

  @Test
  void aTeacherIsNamedInTheCard() throws Exception {
    assertEquals(0, train("teacher", "--seed", "1").code());
    String teacher = folder.resolve("teacher/bundle/segmentation.safetensors").toString();
    CommandLineRun taught = train("taught", "--teacher", teacher);
    assertEquals(0, taught.code(), taught.err());
    String card = Files.readString(folder.resolve("taught/README.md"));
    assertTrue(card.contains("This model was trained to answer as " + teacher), card);
  }

  @Test
  void anOutputThatIsAFileIsAWrongCall() throws Exception {
    String file = Files.createFile(folder.resolve("a.bin")).toString();
    for (String network : List.of("segmentation", "embedding")) {
      CommandLineRun run = run("train", network, "x.rttm", "--output", file);
      assertEquals(2, run.code());
      assertTrue(
          run.err().startsWith("diarist: --output must be a folder; " + file + " is a file\n"),
          run.err());
    }
  }

  @Test
  void sizesOutOfRangeAreWrongCalls() {
    String output = folder.resolve("none").toString();
    CommandLineRun none =
        run("train", "segmentation", "x.rttm", "--output", output, "--hidden", "0");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--hidden and --layers must be at least 1, got 0 and 4"));
    String[] noEpochs = {"train", "segmentation", "x.rttm", "--output", output, "--epochs", "0"};
    assertEquals(2, run(noEpochs).code());
    assertEquals(2, run("train").code());
  }
}
