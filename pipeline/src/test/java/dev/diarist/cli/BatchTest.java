package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.Diarization;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import dev.diarist.voices.Voice;
import dev.diarist.voices.VoiceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many recordings: several at a time, folders and patterns, results that are there already. */
class BatchTest {
  @TempDir private Path folder;

  /** Hears one turn; the first recording ends after the last. */
  private static final class Backwards implements Recognizer {
    private final CountDownLatch last = new CountDownLatch(1);
    private final String first;
    private final String lastUri;

    Backwards(String first, String lastUri) {
      this.first = first;
      this.lastUri = lastUri;
    }

    @Override
    public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
        throws IOException {
      try {
        if (audio.uri().equals(first) && !last.await(60, TimeUnit.SECONDS)) {
          throw new IOException("the recordings wait for each other");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (audio.uri().equals(lastUri)) {
        last.countDown();
      }
      return new Diarization(
          audio.uri(),
          List.of(new Turn(0, 1, "SPEAKER_00")),
          List.of(),
          new float[][] {{3, 4}},
          List.of("heard " + audio.uri()));
    }

    @Override
    public Diarization diarize(
        AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
        throws IOException {
      return diarize(audio, speakers, listener);
    }

    @Override
    public String embeddingModel() {
      return "backwards";
    }

    @Override
    public void close() {}
  }

  @Test
  void severalRecordingsAtATimeAreToldInTheirOrder() throws IOException {
    String a = recording("a.wav");
    String b = recording("b.wav");
    String missing = folder.resolve("missing.wav").toString();
    CommandLineRun run =
        CommandLineRun.of(
            (model, overrides) -> new Backwards("a", "b"), "--model=m", "--jobs=3", a, missing, b);
    assertEquals(
        new CommandLineRun(
            1,
            """
            SPEAKER a 1 0.000 1.000 <NA> <NA> SPEAKER_00 <NA> <NA>
            SPEAKER b 1 0.000 1.000 <NA> <NA> SPEAKER_00 <NA> <NA>
            """,
            """
            diarist: %1$s: warning: heard a
            diarist: %2$s: no such file
            diarist: %3$s: warning: heard b
            diarist: 1 of 3 recordings failed:
              %2$s: no such file
            """
                .formatted(a, missing, b)),
        run);
  }

  @Test
  void theNumberOfJobsReachesTheDiarizer() throws IOException {
    FixedRecognizer recognizer = new FixedRecognizer();
    String a = recording("a.wav");
    assertEquals(0, CommandLineRun.of(recognizer, "--model=m", "--jobs=5", a).code());
    assertEquals(5, recognizer.options.recordings());
    CommandLineRun wrong = CommandLineRun.of(recognizer, "--model=m", "--jobs=0", a);
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().startsWith("diarist: --jobs must be from 1 to 1024, got 0\n"));
  }

  @Test
  void foldersAndPatternsStandForTheirRecordingsByName() throws IOException {
    Files.createDirectories(folder.resolve("in/deep"));
    recording("in/b.wav");
    recording("in/a.WAV");
    recording("in/deep/c.wav");
    Files.writeString(folder.resolve("in/notes.txt"), "not audio");
    String in = folder.resolve("in").toString();
    assertEquals(List.of("a", "b"), heard(in));
    assertEquals(List.of("a", "b", "c"), heard("--recursive", in));
    assertEquals(List.of("b"), heard(in + "/*.wav"));
    assertEquals(List.of("b", "c"), heard(in + "/**.wav"));
    assertEquals(List.of("c"), heard(in + "/de?p/{c,d}.wav"));
    assertEquals(List.of("b", "a"), heard(in + "/b.wav", in), "each once, in order");
    for (String nothing : List.of(in + "/*.flac", in + "/a[.wav", folder.toString())) {
      CommandLineRun run = CommandLineRun.of(new FixedRecognizer(), "--model=m", nothing);
      assertEquals(2, run.code());
      assertTrue(run.err().startsWith("diarist: " + nothing + ": "), run.err());
    }
  }

  @Test
  void whatHasItsResultAlreadyIsSkippedUnlessAskedFor() throws IOException {
    String a = recording("a.wav");
    String b = recording("b.wav");
    Path results = Files.createDirectory(folder.resolve("results"));
    String output = "--output=" + results;
    Path result = Files.writeString(results.resolve("a.rttm"), "old");
    Files.setLastModifiedTime(Path.of(a), FileTime.fromMillis(1_000_000));
    Files.setLastModifiedTime(result, FileTime.fromMillis(2_000_000));
    FixedRecognizer recognizer = new FixedRecognizer();
    assertEquals(
        new CommandLineRun(
            0,
            "",
            "diarist: "
                + a
                + ": skipped, as "
                + result
                + " is newer; --overwrite makes it again\n"),
        CommandLineRun.of(recognizer, "--model=m", output, a, b));
    assertEquals(List.of("b"), recognizer.heard);
    assertEquals("old", Files.readString(result));

    assertEquals(List.of("a", "b"), heard(output, "--overwrite", a, b));
    assertFalse(Files.readString(result).equals("old"));

    Files.setLastModifiedTime(Path.of(a), FileTime.fromMillis(System.currentTimeMillis() + 9000));
    assertEquals(List.of("a"), heard(output, a, b), "older than its recording");
    Files.createDirectory(folder.resolve("emb"));
    assertEquals(
        List.of("b"),
        heard(output, "--embeddings=" + folder.resolve("emb"), b),
        "its embeddings are not there");
    assertTrue(Files.exists(folder.resolve("emb/b.embeddings.json")));
    try (var files = Files.list(results)) {
      assertEquals(2, files.count(), "no part is left");
    }
  }

  @Test
  void knownVoicesAreNamedAndToldWithTheirSimilarity() throws IOException {
    String a = recording("a.wav");
    Path voices = folder.resolve("voices.json");
    CommandLineRun enrolled =
        CommandLineRun.of(
            (model, overrides) -> new Backwards("none", "none"),
            "enrol",
            "Ann",
            a,
            a,
            "--model=m",
            "--voices=" + voices);
    assertEquals(new CommandLineRun(0, "", ""), enrolled);
    VoiceStore store = VoiceStore.read(voices);
    assertEquals("backwards", store.model());
    assertEquals(2, store.voices().getFirst().recordings());

    CommandLineRun run =
        CommandLineRun.of(
            (model, overrides) -> new Backwards("none", "none"),
            a,
            "--model=m",
            "--format=json",
            "--voices=" + voices);
    assertEquals(
        """
        {"uri":"a","diarization":[{"start":0.0,"end":1.0,"speaker":"Ann"}],"exclusive_diarization":[],\
        "known_speakers":[{"speaker":"Ann","label":"SPEAKER_00","score":1.0}]}
        """,
        run.out());
    assertTrue(
        run.err().endsWith("diarist: " + a + ": SPEAKER_00 is Ann (similarity 1.000)\n"),
        run.err());

    CommandLineRun other =
        CommandLineRun.of(new FixedRecognizer(), a, "--model=m", "--voices=" + voices);
    assertEquals(
        new CommandLineRun(
            1,
            "",
            "diarist: "
                + voices
                + ": the voices must be of the embedding model in use, fixed, but are of"
                + " backwards\n"),
        other);
  }

  @Test
  void resultsDoNotTakeThePlaceOfVoicesNorOfEachOther() throws IOException {
    String a = recording("a.wav");
    Path voices = folder.resolve("voices.json");
    String store = "{\"model\":\"fixed\",\"voices\":[]}";
    Files.writeString(voices, store);
    for (String option : List.of("--output=", "--embeddings=")) {
      CommandLineRun run =
          CommandLineRun.of(
              new FixedRecognizer(), a, "--model=m", "--voices=" + voices, option + voices);
      assertEquals(2, run.code(), run.err());
      assertTrue(run.err().contains("the result would overwrite what it is made of"), run.err());
    }
    assertEquals(store, Files.readString(voices));
    Path both = folder.resolve("both.json");
    CommandLineRun run =
        CommandLineRun.of(
            new FixedRecognizer(), a, "--model=m", "--output=" + both, "--embeddings=" + both);
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("embeddings need a file of their own"), run.err());
  }

  @Test
  void aModelThatIsNotTheVoicesIsUsedForNoRecording() throws IOException {
    String a = recording("a.wav");
    String b = recording("b.wav");
    Path voices = folder.resolve("voices.json");
    Files.writeString(voices, "{\"model\":\"another\",\"voices\":[]}");
    FixedRecognizer recognizer = new FixedRecognizer();
    CommandLineRun run =
        CommandLineRun.of(recognizer, a, b, "--model=m", "--jobs=2", "--voices=" + voices);
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertEquals(List.of(), recognizer.heard);
  }

  @Test
  void aVoiceThatAnotherRunLearnsMeanwhileIsKept() throws IOException {
    String a = recording("a.wav");
    Path voices = folder.resolve("voices.json");
    FixedRecognizer recognizer = new FixedRecognizer();
    recognizer.embeddings = new float[][] {{2}, {1}};
    recognizer.meanwhile =
        () -> {
          try {
            VoiceStore.empty("fixed").enrol("Bob", new float[] {3}).write(voices);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    CommandLineRun run =
        CommandLineRun.of(recognizer, "enrol", "Ann", a, "--model=m", "--voices=" + voices);
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of("Bob", "Ann"), VoiceStore.read(voices).voices().stream().map(Voice::name).toList());
  }

  @Test
  void oneWhoHasNoVoiceCannotBeEnrolled() throws IOException {
    String a = recording("a.wav");
    Path voices = folder.resolve("voices.json");
    CommandLineRun run =
        CommandLineRun.of(
            new FixedRecognizer(), "enrol", "Ann", a, "--model=m", "--voices=" + voices);
    assertEquals(1, run.code());
    assertTrue(run.err().contains("must be finite and not zero"), run.err());
    assertFalse(Files.exists(voices));
    for (String name : List.of("A B", "A\u00a0B", "A\u0085B")) {
      assertEquals(
          2,
          CommandLineRun.of(
                  new FixedRecognizer(), "enrol", name, a, "--model=m", "--voices=" + voices)
              .code());
    }
  }

  @Test
  void anOracleIsAskedByTheNameOfTheRecording() throws IOException {
    String a = recording("a.wav");
    String b = recording("b.wav");
    Path reference =
        Files.writeString(
            folder.resolve("ref.rttm"), "SPEAKER a 1 0.5 1.0 <NA> <NA> Ann <NA> <NA>\n");
    FixedRecognizer recognizer = new FixedRecognizer();
    assertEquals(0, CommandLineRun.of(recognizer, "--model=m", "--oracle=" + reference, a).code());
    assertEquals(List.of("Ann"), recognizer.oracle.labels());
    CommandLineRun missing = CommandLineRun.of(recognizer, "--model=m", "--oracle=" + reference, b);
    assertEquals(
        new CommandLineRun(1, "", "diarist: " + b + ": " + reference + ": has no recording b\n"),
        missing);
  }

  private List<String> heard(String... args) {
    FixedRecognizer recognizer = new FixedRecognizer();
    String[] all = new String[args.length + 2];
    all[0] = "diarize";
    all[1] = "--model=m";
    System.arraycopy(args, 0, all, 2, args.length);
    CommandLineRun run = CommandLineRun.of(recognizer, all);
    assertEquals(0, run.code(), run.err());
    return recognizer.heard;
  }

  private String recording(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.write(file, DiarizeCommandTest.silence()).toString();
  }
}
