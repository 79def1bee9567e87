package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Segment;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.dataset.AudioLocation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import dev.diarist.simulation.SpokenFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
  @TempDir private Path folder;
  private Path speech;
  private Path turns;
  private final StringWriter told = new StringWriter();

  @BeforeEach
  void record() throws Exception {
    speech = Files.createDirectory(folder.resolve("speech"));
    SpokenFolder.write(speech, 4);
    turns = folder.resolve("turns.rttm");
    Files.writeString(
        turns,
        """
        SPEAKER talk 1 0.0 4.0 <NA> <NA> A <NA> <NA>
        SPEAKER talk 1 3.5 6.0 <NA> <NA> B <NA> <NA>
        SPEAKER talk 1 10.0 2.0 <NA> <NA> A <NA> <NA>
        SPEAKER talk 1 12.5 2.0 <NA> <NA> A <NA> <NA>
        """);
  }

  /** Runs the command with these options, and with others for those that it names not. */
  private int run(Path output, String... options) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "--statistics",
                turns.toString(),
                "--count",
                "2",
                "--minutes",
                "0.5",
                "--speakers",
                "2-3"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    List<String> args = new ArrayList<>(List.of("simulate", speech.toString()));
    args.addAll(List.of("--output", output.toString()));
    all.forEach((name, value) -> args.addAll(List.of(name, value)));
    return Main.run(
        args.toArray(String[]::new), new PrintWriter(new StringWriter()), new PrintWriter(told));
  }

  @Test
  void theFolderIsADataSetByItselfAndByItsDatabase() throws Exception {
    Path output = folder.resolve("set");
    assertEquals(0, run(output, "--subset", "development"), told::toString);
    Dataset set = Dataset.open(output.toString());
    String name = output + "/database.yml:Simulated.SpeakerDiarization.Conversations.development";
    assertEquals(set.recordings(), Dataset.open(name).recordings());
    assertTrue(told.toString().contains("wrote 2 conversations to " + output + ": " + name));
    assertEquals(2, set.recordings().size());
    for (Recording recording : set.recordings()) {
      assertEquals(Optional.of(List.of(new Segment(0, 30))), recording.annotated());
      Path audio = ((AudioLocation.InFile) recording.audio().orElseThrow()).file();
      try (AudioSource source = AudioFiles.open(audio)) {
        assertEquals(30 * 16000, source.samples());
      }
    }
  }

  @Test
  void savedStatisticsGiveTheSameConversations() throws Exception {
    Path saved = folder.resolve("turns.yml");
    assertEquals(0, run(folder.resolve("a"), "--save-statistics", saved.toString()));
    assertEquals(0, run(folder.resolve("b"), "--statistics", saved.toString()), told::toString);
    assertArrayEquals(bytes("a"), bytes("b"));
  }

  private byte[] bytes(String set) throws Exception {
    return Files.readAllBytes(folder.resolve(set + "/audio/simulated-1-0001.wav"));
  }

  @Test
  void onlyTheSpeakersThatAreWantedSpeak() throws Exception {
    Path names = folder.resolve("names.txt");
    Files.writeString(names, "s1\ns3\n");
    Path output = folder.resolve("set");
    assertEquals(0, run(output, "--only-speakers", names.toString(), "--speakers", "2"));
    for (Recording recording : Dataset.open(output.toString()).recordings()) {
      assertEquals(List.of("s1", "s3"), recording.annotation().labels());
    }
    assertEquals(
        1, run(folder.resolve("none"), "--exclude-speakers", names.toString()), "2 are too few");
    assertTrue(told.toString().contains("speakers need as many"), told::toString);
  }

  @Test
  void anotherSubsetNeedsAFolderOfItsOwn() throws Exception {
    Path output = folder.resolve("set");
    assertEquals(0, run(output));
    byte[] before = bytes("set");
    assertEquals(1, run(output, "--subset", "test"));
    assertTrue(told.toString().contains("holds conversations of the subset train"), told::toString);
    assertArrayEquals(before, bytes("set"));
  }

  @Test
  void whatCannotBeIsAUsageError() {
    Path output = folder.resolve("set");
    assertEquals(2, run(output, "--speakers", "2.5"));
    assertEquals(2, run(output, "--snr", "1.2.3"));
    assertEquals(2, run(output, "--speakers", "many"));
    assertEquals(2, run(output, "--speakers", "3-2"));
    assertEquals(2, run(output, "--subset", "training"));
    assertEquals(2, run(output, "--count", "0"));
    assertEquals(2, run(output, "--minutes", "120"));
    assertEquals(2, run(output, "--snr", "20-5"));
    assertTrue(Files.notExists(output));
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertEquals(1, run(folder.resolve("set"), "--noises", folder.resolve("none").toString()));
    assertTrue(told.toString().contains(folder.resolve("none") + ": no such folder"));
  }
}
