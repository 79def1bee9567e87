package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private Path folder;
  private final FixedRecognizer recognizer = new FixedRecognizer();
  private String reference;
  private String hypothesis;

  @BeforeEach
  void writeAnnotations() throws IOException {
    reference =
        write(
            "reference.rttm",
            turn("a", 0, 10, "Ann") + turn("a", 12, 8, "Bob") + turn("b", 0, 4, "Ann"));
    hypothesis =
        write(
            "hypothesis.rttm", turn("a", 0, 9, "x") + turn("a", 11, 9, "y") + turn("b", 0, 4, "z"));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String turn(String uri, int start, int duration, String speaker) {
    return "SPEAKER %s 1 %d %d <NA> <NA> %s <NA> <NA>\n".formatted(uri, start, duration, speaker);
  }

  private CommandLineRun run(String... args) {
    return CommandLineRun.of(recognizer, args);
  }

  @Test
  void aTableHasARowForEachRecordingAndTheTotal() {
    assertEquals(
        new CommandLineRun(
            0,
            """
            pyannote, collar = 0 ms  diarization error rate %  purity %  total  correct       %  false alarm     %  missed detection     %  confusion     %
            -----------------------  ------------------------  --------  -----  -------  ------  -----------  ----  ----------------  ----  ---------  ----
            a                                           11.11    100.00  18.00    17.00   94.44         1.00  5.56              1.00  5.56       0.00  0.00
            b                                            0.00    100.00   4.00     4.00  100.00         0.00  0.00              0.00  0.00       0.00  0.00
            TOTAL                                        9.09    100.00  22.00    21.00   95.45         1.00  4.55              1.00  4.55       0.00  0.00
            """,
            ""),
        run("evaluate", reference, hypothesis, "--metric", "der,purity"));
  }

  @Test
  void csvHasEveryComponentOfEveryMetric() {
    assertEquals(
        """
        file,diarization error rate,diarization error rate: total,diarization error rate: correct,\
        diarization error rate: false alarm,diarization error rate: missed detection,\
        diarization error rate: confusion,jaccard error rate,jaccard error rate: speaker count,\
        jaccard error rate: speaker error
        a,0.1111111111111111,18.0,17.0,1.0,1.0,0.0,0.10555555555555556,2.0,0.2111111111111111
        b,0.0,4.0,4.0,0.0,0.0,0.0,0.0,1.0,0.0
        TOTAL,0.09090909090909091,22.0,21.0,1.0,1.0,0.0,0.07037037037037037,3.0,0.2111111111111111
        """,
        run("evaluate", reference, hypothesis, "--metric=der,jer", "--format=csv").out());
  }

  @Test
  void jsonHasSpeakersAndLengthsOfTurns() throws IOException {
    CommandLineRun run =
        run("evaluate", reference, hypothesis, "--format", "json", "--bootstrap", "--collar", "1");
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertEquals(1, json.path("collar").asDouble());
    JsonNode bob = json.path("files").path(0).path("speakers").path(1);
    assertEquals("Bob", bob.path("reference").asText());
    assertEquals("y", bob.path("hypothesis").asText());
    assertEquals(7, bob.path("total").asDouble());
    assertEquals(0.5, bob.path("false alarm").asDouble());
    assertEquals(6, json.path("turns_by_length").size());
    assertTrue(json.path("turns_by_length").path(5).path("to").isNull());
    assertEquals(
        json.path("total").path("diarization error rate").path("rate"),
        json.path("intervals").path("diarization error rate").path("value"));
  }

  @Test
  void theConventionDecidesWhatACollarIs() {
    assertTrue(total("--collar=1").contains(" 19.00 "), total("--collar=1"));
    String nist = total("--collar=1", "--convention=nist-md-eval");
    assertTrue(nist.contains(" 16.00 "), nist);
  }

  private String total(String... options) {
    String[] args = new String[options.length + 3];
    args[0] = "evaluate";
    args[1] = reference;
    args[2] = hypothesis;
    System.arraycopy(options, 0, args, 3, options.length);
    return run(args).out().lines().filter(line -> line.startsWith("TOTAL")).findFirst().get();
  }

  @Test
  void theUemSaysWhatIsJudged() throws IOException {
    String uem = write("all.uem", "a 1 0 10\nc 1 0 5\n");
    CommandLineRun run =
        run("evaluate", reference, hypothesis, "--uem", uem, "--metric", "der", "--format", "csv");
    assertEquals(
        List.of("a,0.1,10.0,9.0,0.0,1.0,0.0", "c,0.0,0.0,0.0,0.0,0.0,0.0"),
        run.out().lines().skip(1).limit(2).toList());
    assertEquals(
        """
        diarist: note: b is left out: the UEM has no part of it
        diarist: note: c is in the UEM but not in the reference: nobody speaks in it
        diarist: note: c has no hypothesis: nobody is heard in it
        """,
        run.err());
  }

  @Test
  void recordingsWithoutPartnerAreNamed() throws IOException {
    String other = write("other.rttm", turn("a", 0, 10, "x") + turn("zz", 0, 1, "x"));
    CommandLineRun run = run("evaluate", reference, other);
    assertEquals(0, run.code());
    assertEquals(
        """
        diarist: note: b has no hypothesis: nobody is heard in it
        diarist: note: zz is left out: it has no reference
        """,
        run.err());
  }

  @Test
  void anotherSystemIsComparedOnTheSameDraws() {
    CommandLineRun run =
        run("evaluate", reference, reference, "--compare", hypothesis, "--metric", "der");
    assertTrue(
        run.out()
            .contains(
                "diarization error rate: -9.09 points from "
                    + hypothesis
                    + ", interval -11.11 to 0.00; smaller in "),
        run.out());
  }

  @Test
  void recordingsAreDiarizedWhereAModelIsNamed() throws IOException {
    byte[] wav = silentWav(16000);
    Files.write(folder.resolve("a.wav"), wav);
    Files.write(folder.resolve("b.wav"), wav);
    CommandLineRun beside = run("evaluate", reference, "--model", "m", "--metric=der");
    assertEquals(0, beside.code(), beside.err());
    assertEquals(List.of("a", "b"), recognizer.heard);
    assertEquals(1, recognizer.closed);
    CommandLineRun one =
        run("evaluate", reference, folder.resolve("b.wav").toString(), "--model=m", "--format=csv");
    assertEquals(List.of("a", "b", "b"), recognizer.heard);
    assertEquals(3, one.out().lines().count(), one.out());
  }

  private static byte[] silentWav(int samples) {
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(32000);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
    return wav.array();
  }

  @Test
  void recordingsThatAreNowhereAreAFailure() {
    CommandLineRun run = run("evaluate", reference, "--model", "m");
    assertEquals(1, run.code());
    assertEquals("diarist: a: no audio was found; --audio DIR says where it is\n", run.err());
  }

  @Test
  void wrongCallsAreExplained() {
    assertWrong("a model is needed: name one with --model", "evaluate", reference);
    assertWrong(
        "one RTTM file or folder of hypotheses is needed",
        "evaluate",
        reference,
        hypothesis,
        hypothesis);
    assertWrong("unknown metric wer", "evaluate", reference, hypothesis, "--metric", "wer");
    assertWrong("unknown convention x", "evaluate", reference, hypothesis, "--convention", "x");
    assertWrong("a collar must be", "evaluate", reference, hypothesis, "--collar", "-1");
  }

  @Test
  void theResultDoesNotTakeThePlaceOfWhatIsRead() throws IOException {
    String before = Files.readString(Path.of(hypothesis));
    for (String input : List.of(reference, hypothesis)) {
      assertWrong(
          input + ": the result would overwrite what it is made of",
          "evaluate",
          reference,
          hypothesis,
          "--output",
          input);
    }
    assertEquals(before, Files.readString(Path.of(hypothesis)));
  }

  @Test
  void allAudioAndTheOutputAreLookedForBeforeAnythingIsDiarized() throws IOException {
    Files.write(folder.resolve("a.wav"), silentWav(16000)); // there is no b
    assertEquals(1, run("evaluate", reference, "--model", "m").code());
    Files.write(folder.resolve("b.wav"), silentWav(16000));
    Path nowhere = folder.resolve("none/table.csv");
    assertWrong(
        nowhere + ": its folder does not exist",
        "evaluate",
        reference,
        "--model=m",
        "--output=" + nowhere);
    assertEquals(List.of(), recognizer.heard);
  }

  @Test
  void anotherSystemIsReadBeforeAnythingIsDiarized() throws IOException {
    Files.write(folder.resolve("a.wav"), silentWav(16000));
    Files.write(folder.resolve("b.wav"), silentWav(16000));
    String missing = folder.resolve("missing.rttm").toString();
    CommandLineRun run = run("evaluate", reference, "--model=m", "--compare", missing);
    assertEquals(new CommandLineRun(1, "", "diarist: " + missing + ": no such file\n"), run);
    assertEquals(List.of(), recognizer.heard);
  }

  @Test
  void aRecordingThatCannotBeReadIsLeftOutAndTheOthersAreJudged() throws IOException {
    Path a = Files.write(folder.resolve("a.wav"), new byte[100]);
    Files.write(folder.resolve("b.wav"), silentWav(16000));
    String uem = write("all.uem", "a 1 0 10\nb 1 0 4\n");
    CommandLineRun run =
        run("evaluate", reference, "--model=m", "--uem", uem, "--metric=der", "--format=csv");
    assertEquals(1, run.code());
    assertEquals(List.of("b"), recognizer.heard);
    assertTrue(run.err().startsWith("diarist: " + a + ": "), run.err());
    assertTrue(run.err().endsWith("; it is left out\n"), run.err());
    List<String> files = run.out().lines().map(line -> line.split(",")[0]).toList();
    assertEquals(List.of("file", "b", "TOTAL"), files);
    Files.write(folder.resolve("b.wav"), new byte[100]);
    CommandLineRun none = run("evaluate", reference, "--model=m");
    assertEquals("", none.out());
    assertTrue(none.err().endsWith(reference + ": no recording is left to judge\n"), none.err());
  }

  private void assertWrong(String reason, String... args) {
    CommandLineRun run = run(args);
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().startsWith("diarist: " + reason), run.err());
  }

  @Test
  void statisticsAreATable() {
    assertEquals(
        new CommandLineRun(
            0,
            """
            file   annotated s  speakers  turns  mean turn s  speech s  speech %  overlap s  overlap %
            -----  -----------  --------  -----  -----------  --------  --------  ---------  ---------
            a            20.00         2      2         9.00     18.00     90.00       0.00       0.00
            b             4.00         1      1         4.00      4.00    100.00       0.00       0.00
            TOTAL        24.00         3      3         7.33     22.00     91.67       0.00       0.00
            2 recordings; speakers of a recording: 1 to 2, mean 1.50
            """,
            ""),
        run("stats", reference));
  }

  @Test
  void statisticsAreCsvAndJson() throws IOException {
    assertEquals(
        """
        file,annotated,speakers,turns,mean_turn,speech,overlap,turn_time
        a,20.0,2,2,9.0,18.0,0.0,18.0
        b,4.0,1,1,4.0,4.0,0.0,4.0
        TOTAL,24.0,3,3,7.333333333333333,22.0,0.0,22.0
        """,
        run("stats", reference, "--format", "csv").out());
    JsonNode json = new ObjectMapper().readTree(run("stats", reference, "--format=json").out());
    assertEquals(2, json.path("total").path("files").asInt());
    assertEquals("a", json.path("files").path(0).path("uri").asText());
  }
}
