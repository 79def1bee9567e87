package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.DiarizerOptions;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiarizeCommandTest {
  private static final String RTTM_OF_A =
      """
      SPEAKER a 1 0.062 1.438 <NA> <NA> SPEAKER_01 <NA> <NA>
      SPEAKER a 1 2.000 0.188 <NA> <NA> SPEAKER_00 <NA> <NA>
      """;
  private static final String RTTM_OF_B = RTTM_OF_A.replace("SPEAKER a", "SPEAKER b");

  @TempDir private Path folder;
  private final FixedRecognizer recognizer = new FixedRecognizer();
  private String a;
  private String b;

  @BeforeEach
  void makeRecordings() throws IOException {
    a = recording("a.wav");
    b = recording("b.wav");
  }

  @Test
  void rttmGoesToStandardOutputAndNothingElse() {
    CommandLineRun run = run("diarize", "--model", "m", a, b);
    assertEquals(new CommandLineRun(0, RTTM_OF_A + RTTM_OF_B, ""), run);
    assertEquals(List.of("a", "b"), recognizer.heard);
    assertEquals(Path.of("m"), recognizer.model);
    assertEquals(1, recognizer.closed);
  }

  @Test
  void jsonHasSecondsAsNumbersRoundedHalfToEven() throws IOException {
    CommandLineRun run = run("diarize", a, "--model", "m", "--format", "json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    JsonNode turn = json.path("diarization").path(0);
    assertTrue(turn.path("start").isNumber());
    assertEquals(0.062, turn.path("start").doubleValue());
    assertEquals(2, json.path("diarization").size());
    assertEquals(1, json.path("exclusive_diarization").size());
  }

  @Test
  void onlyExclusiveTurnsWhereTheyAreAskedFor() {
    assertEquals(
        new CommandLineRun(0, RTTM_OF_A.lines().findFirst().orElseThrow() + "\n", ""),
        run("--model=m", "--exclusive", a));
  }

  @Test
  void formatsThatNameNoRecordingTakeOneAtATime() throws IOException {
    assertWrong(
        "--format srt does not name the recording, so that several need files of their own: name a"
            + " folder with --output",
        "--model=m",
        "--format=srt",
        a,
        b);
    assertEquals(0, run("--model=m", "--format=srt", a).code());
    Path results = folder.resolve("grids");
    assertEquals(
        0, run("--model=m", "--format=textgrid", "--output", results.toString(), a, b).code());
    assertTrue(Files.readString(results.resolve("b.TextGrid")).contains("SPEAKER_01"));
  }

  @Test
  void withoutACommandRecordingsAreDiarized() {
    CommandLineRun expected = new CommandLineRun(0, RTTM_OF_A, "");
    assertEquals(expected, run(a, "--model", "m"));
    assertEquals(expected, run("--model", "m", a));
    assertEquals(expected, run("--model=m", "--num-speakers", "2", "--", a));
    assertEquals(expected, run("--debug", "--model=m", a));
    assertEquals(expected, run("--debug", "diarize", "--model=m", a));
  }

  @Test
  void whatIsKnownOfTheSpeakersReachesTheDiarizer() {
    run(a, "--model=m");
    assertEquals(SpeakerBounds.AUTO, recognizer.speakers);
    run(a, "--model=m", "--num-speakers=3");
    assertEquals(SpeakerBounds.exactly(3), recognizer.speakers);
    run(a, "--model=m", "--min-speakers=2");
    assertEquals(SpeakerBounds.atLeast(2), recognizer.speakers);
    run(a, "--model=m", "--max-speakers=4");
    assertEquals(SpeakerBounds.atMost(4), recognizer.speakers);
    run(a, "--model=m", "--min-speakers=2", "--max-speakers=4");
    assertEquals(SpeakerBounds.between(2, 4), recognizer.speakers);
  }

  @Test
  void optionsOfTheCommandLineOverrideThoseOfTheModel() {
    run(a, "--model=m", "--set", "clustering.threshold=0.5", "--backend=nd4j", "--threads=3");
    assertEquals(
        DiarizerOptions.defaults()
            .with("clustering.threshold", "0.5")
            .withBackend("nd4j")
            .withThreads(3),
        recognizer.options);
    run(a, "--model=m");
    assertEquals(DiarizerOptions.defaults(), recognizer.options);
  }

  @Test
  void wrongCallsAreAnsweredInOneSentenceBeforeAnyWork() {
    assertWrong(
        "a model is needed: name one with --model; the default one is not on the class path", a);
    assertWrong("Unknown option: '--modle'", "--modle", "m", a);
    assertWrong("Missing required parameter: 'AUDIO'", "diarize", "--model", "m");
    assertWrong(
        "Invalid value for option '--num-speakers': 'two' is not an int",
        "--model=m",
        "--num-speakers=two",
        a);
    assertWrong("num_speakers must be at least 1, got 0", "--model=m", "--num-speakers=0", a);
    assertWrong(
        "min_speakers must be smaller than or equal to max_speakers, got min_speakers=4 and"
            + " max_speakers=2",
        "--model=m",
        "--min-speakers=4",
        "--max-speakers=2",
        a);
    assertWrong(
        "--num-speakers goes without --min-speakers and --max-speakers",
        "--model=m",
        "--num-speakers=2",
        "--max-speakers=2",
        a);
    assertWrong(
        "--set takes PARAMETER=VALUE, got clustering.threshold",
        "--model=m",
        "--set",
        "clustering.threshold",
        a);
    assertWrong("threads must be from 1 to 1024, got 0", "--model=m", "--threads=0", a);
    assertWrong(
        "Invalid value for option '--format': expected one of [RTTM, JSON, ENDPOINT, CSV, LAB, VTT,"
            + " SRT, AUDACITY, TEXTGRID] (case-insensitive) but was 'xml'",
        "--model=m",
        "--format=xml",
        a);
  }

  @Test
  void anUnknownParameterIsAWrongCallThatNamesIt() {
    CommandLineRun run = run("--model=m", "--set", "clustering.treshold=1", a);
    assertEquals(2, run.code());
    assertTrue(run.err().contains("clustering.treshold"), run.err());
    assertTrue(run.err().contains("clustering.threshold"), run.err());
    assertEquals(List.of(), recognizer.heard);
  }

  @Test
  void oneResultGoesToTheFileThatOutputNames() throws IOException {
    Path file = folder.resolve("result.txt");
    assertEquals(new CommandLineRun(0, "", ""), run("--model=m", a, "--output", file.toString()));
    assertEquals(RTTM_OF_A, Files.readString(file));
  }

  @Test
  void aFolderReceivesOneFileForEachRecording() throws IOException {
    Path existing = Files.createDirectory(folder.resolve("existing"));
    run("--model=m", a, "--output", existing.toString());
    assertEquals(RTTM_OF_A, Files.readString(existing.resolve("a.rttm")));

    Path made = folder.resolve("deep/made");
    assertEquals(
        new CommandLineRun(0, "", ""),
        run("--model=m", a, b, "--output", made.toString(), "--format=JSON"));
    assertTrue(Files.readString(made.resolve("a.json")).startsWith("{\"uri\":\"a\""));
    assertTrue(Files.readString(made.resolve("b.json")).startsWith("{\"uri\":\"b\""));
  }

  @Test
  void twoRecordingsOfOneNameDoNotOverwriteEachOther() throws IOException {
    Files.createDirectory(folder.resolve("x"));
    String other = recording("x/a.wav");
    Path results = folder.resolve("results");
    assertWrong(
        "the results of "
            + a
            + " and "
            + other
            + " would go into one file, as both recordings are"
            + " called a",
        "--model=m",
        a,
        other,
        "--output",
        results.toString());
    assertFalse(Files.exists(results));
  }

  @Test
  void outputsThatCannotTakeTheResultsAreRefusedBeforeTheWork() {
    assertWrong(
        b + ": is a file, and the results of several recordings need a folder",
        "--model=m",
        a,
        b,
        "--output",
        b);
    assertWrong(
        a + ": the result would overwrite what it is made of", "--model=m", a, "--output", a);
    String nowhere = folder.resolve("none/a.rttm").toString();
    assertWrong(nowhere + ": its folder does not exist", "--model=m", a, "--output", nowhere);
  }

  @Test
  void aRecordingNamedLikeItsResultIsNotOverwritten() throws IOException {
    String misnamed = recording("c.rttm");
    assertWrong(
        misnamed + ": the result would overwrite what it is made of",
        "--model=m",
        misnamed,
        "--output",
        folder.toString());
    assertEquals(
        0, run("--model=m", misnamed, "--output", folder.toString(), "--format=json").code());
  }

  @Test
  void anUnknownBackendIsAWrongCallThatNamesThoseThatThereAre() {
    CommandLineRun run = run("--model=m", "--backend=abacus", a);
    assertEquals(2, run.code());
    assertTrue(run.err().startsWith("diarist: backend must be one of auto, "), run.err());
    assertTrue(run.err().contains("nd4j"), run.err());
    assertTrue(run.err().contains(", got abacus\n"), run.err());
    assertEquals(List.of(), recognizer.heard);
  }

  @Test
  void oneBadRecordingDoesNotStopTheOthers() throws IOException {
    String empty = Files.createFile(folder.resolve("empty.wav")).toString();
    String missing = folder.resolve("missing.wav").toString();
    CommandLineRun run = run("--model=m", empty, a, missing, b);
    assertEquals(
        new CommandLineRun(
            1,
            RTTM_OF_A + RTTM_OF_B,
            """
            diarist: %1$s: is empty (0 bytes)
            diarist: %2$s: no such file
            diarist: 2 of 4 recordings failed:
              %1$s: is empty (0 bytes)
              %2$s: no such file
            """
                .formatted(empty, missing)),
        run);
  }

  @Test
  void aRecordingThatFailsAloneNeedsNoSummary() {
    String missing = folder.resolve("missing.wav").toString();
    assertEquals(
        new CommandLineRun(1, "", "diarist: " + missing + ": no such file\n"),
        run("--model=m", missing));
  }

  @Test
  void aModelThatCannotBeOpenedEndsTheWorkAtOnce() {
    assertEquals(
        new CommandLineRun(1, "", "diarist: m/config.yaml: no such file\n"),
        CommandLineRun.of(
            (model, overrides) -> {
              throw new NoSuchFileException(model + "/config.yaml");
            },
            "--model=m",
            a,
            b));
    assertEquals(
        new CommandLineRun(1, "", "diarist: m: no backend is called cuda\n"),
        CommandLineRun.of(
            (model, overrides) -> {
              throw new IllegalArgumentException("no backend is called cuda");
            },
            "--model=m",
            a,
            b));
  }

  @Test
  void aNameThatTheFormatCannotHoldIsRefusedBeforeTheWork() throws IOException {
    String spaced = recording("a talk.wav");
    CommandLineRun run = run("--model=m", spaced);
    assertEquals(1, run.code());
    assertTrue(run.err().startsWith("diarist: " + spaced + ": "), run.err());
    assertTrue(run.err().endsWith("; rename the recording or ask for another --format\n"));
    assertEquals(List.of(), recognizer.heard);
    assertEquals(0, run("--model=m", spaced, "--format=json").code());
  }

  @Test
  void aDefectIsCalledInternalAndShowsItsTraceOnlyWhenAsked() {
    Recognizer.Opener broken = (model, overrides) -> new BrokenRecognizer();
    CommandLineRun run = CommandLineRun.of(broken, "--model=m", a);
    assertEquals(
        new CommandLineRun(
            1,
            "",
            "diarist: "
                + a
                + ": internal error: java.lang.IllegalStateException: two lines; run with --debug"
                + " for the stack trace\n"),
        run);
    CommandLineRun debugged = CommandLineRun.of(broken, "--debug", "--model=m", a);
    assertTrue(debugged.err().contains("\tat dev.diarist.cli.BrokenRecognizer"), debugged.err());
  }

  @Test
  void warningsGoToStandardErrorWithTheNameOfTheRecording() {
    recognizer.warnings = List.of("The detected number of speakers (1) is too small.");
    assertEquals(
        new CommandLineRun(
            0,
            RTTM_OF_A,
            "diarist: " + a + ": warning: The detected number of speakers (1) is too small.\n"),
        run("--model=m", a));
  }

  @Test
  void progressIsShownOnATerminalOnlyAndErased() {
    Recognizer.Opener slow = (model, overrides) -> new SlowRecognizer(recognizer);
    assertEquals("", CommandLineRun.of(false, slow, "--model=m", a).err());
    CommandLineRun run = CommandLineRun.of(true, slow, "--model=m", a);
    assertEquals(RTTM_OF_A, run.out());
    assertEquals(
        "\r\u001b[Ka: segmentation [##########....................] 1/3"
            + "\r\u001b[Ka: segmentation [##############################] 3/3"
            + "\r\u001b[Ka: segmentation [##############################] 3/3"
            + "\r\u001b[K",
        run.err());
  }

  @Test
  void aNameThatBeginsWithAnAtSignIsAName() {
    assertEquals(
        new CommandLineRun(1, "", "diarist: @list: no such file\n"), run("--model=m", "@list"));
  }

  private CommandLineRun run(String... args) {
    return CommandLineRun.of(recognizer, args);
  }

  private void assertWrong(String sentence, String... args) {
    assertEquals(
        new CommandLineRun(
            2,
            "",
            "diarist: " + sentence + "\nTry 'diarist diarize --help' for what is possible.\n"),
        run(args));
    assertEquals(List.of(), recognizer.heard);
  }

  private String recording(String name) throws IOException {
    return Files.write(folder.resolve(name), silence()).toString();
  }

  /** A WAV file of a tenth of a second. */
  static byte[] silence() {
    int bytes = 3200;
    ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes()).putInt(36 + bytes).put("WAVEfmt ".getBytes()).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(32000);
    wav.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(bytes);
    return wav.array();
  }

  static StageEvent.Progress progress(int completed) {
    return new StageEvent.Progress("segmentation", completed, 3);
  }
}
