package dev.diarist.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.Turn;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files were written by pyarrow 26, as Hugging Face's datasets writes them: Snappy, pages with
 * dictionaries. In {@code diarizers.parquet}, row 0 is {@code meeting.wav} of 0.1 s with two turns,
 * row 1 has audio of 0.05 s without a name and nobody speaks, row 2 has the name of row 0 and no
 * bytes. The others lack the column {@code speakers}, and an entry of it.
 */
class ParquetFileTest {
  @TempDir private Path folder;

  private static Path resource(String name) {
    try {
      return Path.of(ParquetFileTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void eachRowIsARecording() throws IOException {
    List<Recording> recordings =
        Dataset.open(resource("diarizers.parquet").toString()).recordings();
    assertEquals(
        List.of("meeting", "diarizers-00001", "diarizers-00002"),
        recordings.stream().map(Recording::uri).toList());
    assertEquals(
        List.of(new Turn(0, 0.06, "A"), new Turn(0.05, 0.1, "B")),
        recordings.get(0).annotation().turns());
    assertEquals(List.of(), recordings.get(1).annotation().turns());
    assertEquals(List.of(new Turn(0.25, 0.5, "A")), recordings.get(2).annotation().turns());
  }

  @Test
  void audioIsReadFromItsRow() throws IOException {
    List<Recording> recordings =
        Dataset.open(resource("diarizers.parquet").toString()).recordings();
    Path first = recordings.get(0).audio().orElseThrow().file(folder);
    Path second = recordings.get(1).audio().orElseThrow().file(folder);
    assertEquals(folder.resolve("meeting.wav"), first);
    try (AudioSource audio = AudioFiles.open(first)) {
      assertEquals(1600, audio.samples());
    }
    try (AudioSource audio = AudioFiles.open(second)) {
      assertEquals(800, audio.samples());
    }
    AudioLocation none = recordings.get(2).audio().orElseThrow();
    assertTrue(
        assertThrows(DatasetException.class, () -> none.file(folder))
            .getMessage()
            .endsWith("diarizers.parquet: row 2 must hold the bytes of its audio, has none"));
  }

  @Test
  void aFolderOfShardsIsOneDataset() throws IOException {
    Files.copy(resource("diarizers.parquet"), folder.resolve("train-00000-of-00002.parquet"));
    Files.copy(resource("diarizers.parquet"), folder.resolve("train-00001-of-00002.parquet"));
    assertEquals(6, Dataset.open(folder.toString()).recordings().size());
  }

  @Test
  void filesOfAnotherLayoutAreRefused() throws IOException {
    assertRefused(resource("no-speakers.parquet"), "lacks speakers");
    assertRefused(resource("uneven.parquet"), "row 0: speakers, timestamps_start and");
    Path text = Files.writeString(folder.resolve("text.parquet"), "this is no Parquet file");
    assertRefused(text, "not readable as Parquet");
    byte[] bytes = Files.readAllBytes(resource("diarizers.parquet"));
    Path cut = folder.resolve("cut.parquet");
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(cut, "not readable as Parquet");
  }

  private static void assertRefused(Path file, String reason) {
    String message =
        assertThrows(DatasetException.class, () -> Dataset.open(file.toString())).getMessage();
    assertTrue(message.startsWith(file + ": ") && message.contains(reason), message);
  }
}
