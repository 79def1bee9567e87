package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptCommandTest {
  @TempDir private Path folder;
  private Path transcript;
  private Path diarization;

  @BeforeEach
  void write() throws IOException {
    transcript =
        Files.writeString(
            folder.resolve("talk.json"),
            "{\"segments\":[{\"start\":0,\"end\":1,\"text\":\" Grüß Gott\"}]}");
    diarization =
        Files.writeString(
            folder.resolve("talk.rttm"), "SPEAKER talk 1 1.25 2 <NA> <NA> A <NA> <NA>\n");
  }

  @Test
  void speakersArePutOnATranscript() throws IOException {
    String named =
        "{\"segments\":[{\"start\":0,\"end\":1,\"text\":\" Grüß Gott\",\"speaker\":\"A\"}]}\n";
    assertEquals(new CommandLineRun(0, named, ""), run());
    Path file = folder.resolve("named.json");
    assertEquals(new CommandLineRun(0, "", ""), run("-o", file.toString()));
    assertEquals(named, Files.readString(file));
    assertEquals("A: Grüß Gott\n", run("--format=txt").out());
    assertEquals("Grüß Gott\n", run("--format=txt", "--max-gap=0.125").out());
  }

  @Test
  void theRecordingIsTheOneOfTheTranscriptsName() throws IOException {
    Files.writeString(
        diarization,
        "SPEAKER other 1 0 2 <NA> <NA> B <NA> <NA>\nSPEAKER talk 1 0 2 <NA> <NA> A <NA> <NA>\n");
    assertEquals("A: Grüß Gott\n", run("--format=txt").out());
    assertEquals("B: Grüß Gott\n", run("--format=txt", "--uri=other").out());
    assertEquals(
        new CommandLineRun(
            1,
            "",
            "diarist: "
                + diarization
                + ": has no recording third, only other, talk; choose one with --uri\n"),
        run("--uri=third"));
  }

  @Test
  void aFolderIsNamedWhereAFileMustBe() {
    assertEquals(
        "diarist: " + folder + ": must be a transcript, found a folder\n",
        CommandLineRun.of(Recognizer::of, "transcript", folder.toString(), diarization.toString())
            .err());
    assertEquals(
        "diarist: " + folder + ": must be a file of lines, found a folder\n",
        CommandLineRun.of(Recognizer::of, "transcript", transcript.toString(), folder.toString())
            .err());
  }

  @Test
  void aTimeThatIsNoneIsNamed() throws IOException {
    Files.writeString(transcript, "[{\"start\":0,\"end\":1e300,\"text\":\"x\"}]");
    assertEquals(
        "diarist: " + transcript + ": [0].end must be a number from 0 to 1e12, found 1E+300\n",
        run("--format=vtt").err());
  }

  @Test
  void neitherInputIsOverwritten() {
    assertWrong(diarization + ": the result would overwrite what it is made of", diarization);
    assertWrong(transcript + ": the result would overwrite what it is made of", transcript);
  }

  private void assertWrong(String sentence, Path output) {
    assertEquals(
        new CommandLineRun(
            2,
            "",
            "diarist: " + sentence + "\nTry 'diarist transcript --help' for what is possible.\n"),
        run("-o", output.toString()));
  }

  @Test
  void aFileThatIsMissingIsNamed() throws IOException {
    Files.delete(transcript);
    assertEquals(new CommandLineRun(1, "", "diarist: " + transcript + ": no such file\n"), run());
  }

  private CommandLineRun run(String... options) {
    String[] args = new String[options.length + 3];
    args[0] = "transcript";
    args[1] = transcript.toString();
    args[2] = diarization.toString();
    System.arraycopy(options, 0, args, 3, options.length);
    return CommandLineRun.of(Recognizer::of, args);
  }
}
