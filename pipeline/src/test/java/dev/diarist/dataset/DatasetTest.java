package dev.diarist.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  @TempDir private Path folder;

  private Path write(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static String turn(String uri, double start, double duration, String speaker) {
    return "SPEAKER %s 1 %s %s <NA> <NA> %s <NA> <NA>\n".formatted(uri, start, duration, speaker);
  }

  private static Optional<AudioLocation> in(Path file) {
    return Optional.of(new AudioLocation.InFile(file));
  }

  @Test
  void theAudioOfAnRttmFileStandsBesideIt() throws IOException {
    Path rttm = write("all.rttm", turn("a", 0, 1, "x") + turn("b", 0, 2, "x"));
    Path audio = write("b.flac", "");
    write("deeper/a.wav", "");
    List<Recording> recordings = Dataset.open(rttm.toString()).recordings();
    assertEquals(List.of("a", "b"), recordings.stream().map(Recording::uri).toList());
    assertEquals(Optional.empty(), recordings.get(0).audio());
    assertEquals(in(audio), recordings.get(1).audio());
    assertEquals(
        in(folder.resolve("deeper/a.wav")),
        Dataset.open(rttm.toString()).withAudioFrom(folder).recordings().get(0).audio());
  }

  @Test
  void voxConverseIsReadAsDistributed() throws IOException {
    write("voxconverse/dev/abjxc.rttm", turn("abjxc", 0.4, 6.64, "spk00"));
    write("voxconverse/dev/afjiv.rttm", turn("afjiv", 41.12, 39.36, "spk00"));
    Path audio = write("voxconverse/audio/abjxc.wav", "");
    List<Recording> recordings =
        Dataset.open(folder.resolve("voxconverse").toString()).recordings();
    assertEquals(List.of("abjxc", "afjiv"), recordings.stream().map(Recording::uri).toList());
    assertEquals(in(audio), recordings.get(0).audio());
  }

  @Test
  void amiIsReadAsDistributed() throws IOException {
    write("ami/only_words/rttms/train/ES2002b.rttm", turn("ES2002b", 1, 2, "FEE005"));
    write("ami/uems/train/ES2002b.uem", "ES2002b 1 0.000 2249.000\n");
    Path mix = write("ami/amicorpus/ES2002b/audio/ES2002b.Mix-Headset.wav", "");
    write("ami/amicorpus/ES2002b/audio/ES2002b.Array1-01.wav", "");
    Recording recording = Dataset.open(folder.resolve("ami").toString()).recordings().getFirst();
    assertEquals(in(mix), recording.audio());
    assertEquals(Optional.of(List.of(new Segment(0, 2249))), recording.annotated());
  }

  @Test
  void aRecordingAnnotatedTwiceIsRefused() throws IOException {
    write("only_words/a.rttm", turn("a", 0, 1, "x"));
    write("word_and_vocalsounds/a.rttm", turn("a", 0, 2, "x"));
    assertRefused(folder.toString(), "a must be annotated once");
  }

  @Test
  void audioOfOneNameInTwoPlacesIsRefused() throws IOException {
    write("a.rttm", turn("a", 0, 1, "x"));
    write("a.wav", "");
    write("copy/a.wav", "");
    assertRefused(folder.toString(), "the audio of a must be one file");
  }

  @Test
  void foldersWithoutAnnotationsAndAbsentFilesAreRefused() throws IOException {
    write("a.wav", "");
    assertRefused(folder.toString(), "holds no RTTM and no Parquet file");
    assertRefused(folder.resolve("none").toString(), "no such file or folder");
  }

  private static final String DATABASE_YML =
      """
      Databases:
        Mine:
          - audio/{uri}.wav
          - more/**/{uri}.wav
      Protocols:
        Mine:
          SpeakerDiarization:
            All:
              scope: database
              train:
                uri: lists/train.lst
                annotation: rttm/{subset}.rttm
                annotated: uem/train.uem
              test:
                uri: lists/test.lst
                annotation: rttm/{uri}.rttm
        X:
          SpeakerDiarization:
            Both:
              test:
                Mine.SpeakerDiarization.All: [train, test]
      """;

  private String database() throws IOException {
    write("lists/train.lst", "a\n b \n\n");
    write("lists/test.lst", "c\n");
    write("rttm/train.rttm", turn("a", 0, 1, "x") + turn("z", 0, 9, "x"));
    write("rttm/c.rttm", turn("c", 3, 1, "x") + turn("c", 5, 1, "y"));
    write("uem/train.uem", "a NA 0.0 30.0\n");
    write("audio/a.wav", "");
    write("more/deep/er/c.wav", "");
    return write("database.yml", DATABASE_YML).toString();
  }

  @Test
  void aSubsetOfADatabaseHasTheRecordingsOfItsList() throws IOException {
    String yml = database();
    List<Recording> train = Dataset.open(yml + ":Mine.SpeakerDiarization.All.train").recordings();
    assertEquals(List.of("a", "b"), train.stream().map(Recording::uri).toList());
    assertEquals(in(folder.resolve("audio/a.wav")), train.get(0).audio());
    assertEquals(Optional.of(List.of(new Segment(0, 30))), train.get(0).annotated());
    assertEquals(1, train.get(0).annotation().tracks().size());
    // Neither RTTM nor UEM knows b: nobody speaks in it, and nobody listened to it.
    assertEquals(List.of(), train.get(1).annotation().tracks());
    assertEquals(Optional.of(List.of()), train.get(1).annotated());
    assertEquals(Optional.empty(), train.get(1).audio());
  }

  @Test
  void aSubsetNeedNotSayWhatIsAnnotated() throws IOException {
    Recording recording =
        Dataset.open(database() + ":Mine.SpeakerDiarization.All.test").recordings().getFirst();
    assertEquals(Optional.empty(), recording.annotated());
    assertEquals(in(folder.resolve("more/deep/er/c.wav")), recording.audio());
  }

  @Test
  void turnsOfADatabaseAreCutToWhatIsAnnotated() throws IOException {
    String yml = database();
    write("uem/train.uem", "a NA 0.25 0.5\na NA 0.75 30.0\n");
    Recording recording =
        Dataset.open(yml + ":Mine.SpeakerDiarization.All.train").recordings().getFirst();
    assertEquals(
        List.of(new Segment(0.25, 0.5), new Segment(0.75, 1)),
        recording.annotation().tracks().stream().map(Track::segment).toList());
  }

  @Test
  void aMetaProtocolJoinsSubsets() throws IOException {
    List<Recording> recordings =
        Dataset.open(database() + ":X.SpeakerDiarization.Both.test").recordings();
    assertEquals(List.of("a", "b", "c"), recordings.stream().map(Recording::uri).toList());
  }

  @Test
  void requiredFilesAreRead() throws IOException {
    database();
    Path outer = write("outer.yml", "Requirements: database.yml\n");
    assertEquals(2, Dataset.open(outer + ":Mine.SpeakerDiarization.All.train").recordings().size());
  }

  @Test
  void whatADatabaseLacksIsNamed() throws IOException {
    String yml = database();
    assertRefused(yml, "name the subset too, as in");
    assertRefused(yml + ":Mine.SpeakerDiarization.All.dev", "has no subset");
    Files.delete(folder.resolve("rttm/c.rttm"));
    assertRefused(yml + ":Mine.SpeakerDiarization.All.test", "names rttm/c.rttm, but there is no");
  }

  @Test
  void statisticsCountOverlapOfDifferentSpeakersOnly() throws IOException {
    Path rttm =
        write(
            "a.rttm",
            turn("a", 0, 4, "x")
                + turn("a", 3, 3, "x")
                + turn("a", 5, 3, "y")
                + turn("b", 1, 1, "x"));
    DatasetStatistics statistics = DatasetStatistics.of(Dataset.open(rttm.toString()));
    assertEquals(
        new DatasetStatistics.Row("a", 8, 2, 3, 8, 1, 10), statistics.recordings().getFirst());
    DatasetStatistics.Row total = statistics.total();
    assertEquals(new DatasetStatistics.Row("TOTAL", 9, 3, 4, 9, 1, 11), total);
    assertEquals(1, total.speechShare());
    assertEquals(1. / 9, total.overlapShare());
    assertEquals(11. / 4, total.meanTurnSeconds());
  }

  private static void assertRefused(String name, String reason) {
    String message = assertThrows(DatasetException.class, () -> Dataset.open(name)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
