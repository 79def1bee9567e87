package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need the segmentation network alone: vad, osd and segment. */
class RegionCommandTest {
  private static final String MODEL = "--model=" + SmallModel.FOLDER;
  private static final String AUDIO = SmallModel.RECORDING.toString();

  @TempDir private Path folder;

  @Test
  void overlapIsWrittenAsRttm() {
    assertEquals(
        new CommandLineRun(
            0,
            """
            SPEAKER dialogue-synthetic 1 23.639 0.371 <NA> <NA> OVERLAP <NA> <NA>
            SPEAKER dialogue-synthetic 1 32.212 0.456 <NA> <NA> OVERLAP <NA> <NA>
            """,
            ""),
        run("osd", MODEL, AUDIO));
  }

  @Test
  void shortRegionsAndGapsGoWhereThatIsAsked() {
    CommandLineRun all = run("vad", MODEL, AUDIO, "--format=lab");
    CommandLineRun some =
        run(
            "vad",
            MODEL,
            AUDIO,
            "--format=lab",
            "--min-duration-on=0.25",
            "--min-duration-off=0.3");
    assertEquals(11, all.out().lines().count(), all.err());
    assertEquals(9, some.out().lines().count(), some.err());
    assertTrue(some.out().endsWith("43.855 48.327 SPEECH\n"), some.out());
  }

  @Test
  void scoresGoToAFileOrAsTextToStandardOutput() throws IOException {
    Path file = folder.resolve("scores.npy");
    assertEquals(new CommandLineRun(0, "", ""), run("segment", MODEL, AUDIO, "--output=" + file));
    String header =
        new String(Files.readAllBytes(file), 10, 118, StandardCharsets.ISO_8859_1).strip();
    assertTrue(header.endsWith(", 589, 3), }"), header);

    CommandLineRun csv = run("segment", MODEL, AUDIO, "--scores=speech");
    assertTrue(csv.out().startsWith("frame,seconds,SPEECH\n0,0.03096875,"), csv.err());
    CommandLineRun json = run("segment", MODEL, AUDIO, "--scores=overlap", "--format=json");
    assertTrue(json.out().startsWith("{\"uri\":\"dialogue-synthetic\",\"classes\":[\"OVERLAP\"],"));
    assertTrue(json.out().endsWith("]}\n"));
  }

  @Test
  void aRecordingThatFailsLeavesNoFile() throws IOException {
    Path bad = Files.write(folder.resolve("bad.wav"), new byte[] {1, 2, 3});
    Path results = folder.resolve("results");
    CommandLineRun run =
        run("segment", MODEL, bad.toString(), AUDIO, "--output=" + results, "--scores=speech");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("1 of 2 recordings failed"), run.err());
    assertFalse(Files.exists(results.resolve("bad.npy")));
    assertTrue(Files.exists(results.resolve("dialogue-synthetic.npy")));
  }

  @Test
  void whatCannotBeWrittenToIsNotDeleted() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("results/dialogue-synthetic.npy"));
    CommandLineRun run =
        run("segment", MODEL, AUDIO, "--output=" + taken.getParent(), "--scores=speech");
    assertEquals(1, run.code(), run.err());
    assertTrue(Files.isDirectory(taken));
  }

  @Test
  void recordingsAreOpenedAsDiarizeOpensThem() throws IOException {
    Path calls = Files.createDirectories(folder.resolve("calls"));
    Files.copy(SmallModel.RECORDING, calls.resolve("a.wav"));
    Files.copy(SmallModel.RECORDING, calls.resolve("b.wav"));
    CommandLineRun all = run("osd", MODEL, calls.toString(), "--jobs=2", "--channel=0");
    assertEquals(0, all.code(), all.err());
    assertEquals(
        List.of("a", "a", "b", "b"), all.out().lines().map(line -> line.split(" ")[1]).toList());
    for (String command : new String[] {"vad", "osd", "segment"}) {
      CommandLineRun channel = run(command, MODEL, AUDIO, "--channel=1");
      assertEquals(
          "diarist: " + AUDIO + ": has no channel 1; it has 1, counted from 0\n", channel.err());
      Path mp3 = Files.writeString(folder.resolve("a.mp3"), "ID3\4\0\0\0\0\0\0 and more");
      CommandLineRun foreign =
          run(command, MODEL, mp3.toString(), "--ffmpeg=no-ffmpeg", "--spool=" + folder);
      assertTrue(foreign.err().contains("(not found as 'no-ffmpeg')"), foreign.err());
    }
  }

  @Test
  void aParameterOfTheModelIsOverriddenAndOneWithoutPartRefused() {
    CommandLineRun coarse =
        run("segment", MODEL, AUDIO, "--set=segmentation_step=1", "--format=json");
    assertTrue(coarse.out().contains("\"step\":10.0"), coarse.out().substring(0, 300));
    assertWrong(
        "vad",
        "--set takes only segmentation.threshold and segmentation_batch_size and segmentation_step"
            + " here, got clustering.threshold=1",
        MODEL,
        AUDIO,
        "--set=clustering.threshold=1");
    assertWrong(
        "vad",
        "segmentation_step must be from 0.001 to 1, got 7.0",
        MODEL,
        AUDIO,
        "--set=segmentation_step=7");
  }

  @Test
  void theHelpNamesTheFormatsThatAreRead() {
    assertTrue(run("vad", "--help").out().contains("Recordings: WAV, FLAC, AIFF, AU;"));
  }

  @Test
  void wrongCallsAreAnsweredBeforeAnyWork() {
    assertWrong(
        "vad",
        "a model is needed: name one with --model; the default one is not on the class path",
        AUDIO);
    assertWrong(
        "osd",
        "--min-duration-on must be a finite number of seconds from 0, got -1.0",
        MODEL,
        AUDIO,
        "--min-duration-on=-1");
    assertWrong(
        "segment",
        "--format npy needs a file: name one with --output",
        MODEL,
        AUDIO,
        "--format=npy");
    assertWrong(
        "segment",
        "the scores of several recordings need files of their own: name a folder with --output",
        MODEL,
        AUDIO,
        "other.wav");
  }

  @Test
  void aModelThatIsNoneIsNamed() {
    Path nowhere = folder.resolve("model");
    CommandLineRun run = run("vad", "--model=" + nowhere, AUDIO);
    assertEquals(1, run.code());
    assertTrue(run.err().startsWith("diarist: " + nowhere + ": "), run.err());
  }

  private static void assertWrong(String command, String sentence, String... args) {
    String[] all = new String[args.length + 1];
    all[0] = command;
    System.arraycopy(args, 0, all, 1, args.length);
    assertEquals(
        new CommandLineRun(
            2,
            "",
            "diarist: %s\nTry 'diarist %s --help' for what is possible.\n"
                .formatted(sentence, command)),
        run(all));
  }

  private static CommandLineRun run(String... args) {
    return CommandLineRun.of(Recognizer::of, args);
  }
}
