package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.Turn;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.clustering.Assignment;
import dev.diarist.clustering.Clustering;
import dev.diarist.clustering.FlatClusters;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.reconstruction.DiscreteDiarization;
import dev.diarist.reconstruction.NamedSpeakers;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.SpeakerCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole pipeline runs from the recorded outputs of the networks on; every number and every byte of
 * the RTTM must be that of pyannote.
 */
class RunStagesGoldenTest {
  /** The recordings keep so many characters of a warning. */
  private static final int WARNING_LENGTH = 200;

  @TestFactory
  Stream<DynamicTest> speakerCountsAreThoseOfPyannote() throws IOException {
    return GoldenCases.test(
        "runs",
        golden -> golden.holds("count"),
        golden -> {
          FrameCounts counts = SpeakerCount.of(new RunStages(golden).segmentation());
          int[] expected = GoldenArrays.ints(arrays(golden).tensor("count"));
          int[] actual = new int[counts.counts().length];
          Arrays.setAll(actual, frame -> counts.counts()[frame]);
          assertArrayEquals(expected, actual);
        });
  }

  @TestFactory
  Stream<DynamicTest> clustersAreThoseOfPyannote() throws IOException {
    return GoldenCases.test(
        "runs", golden -> golden.holds("clustering/hard_clusters"), RunStagesGoldenTest::clusters);
  }

  private static void clusters(GoldenCase golden) throws IOException {
    Clustering clustering = new RunStages(golden).clustering();
    Weights expected = arrays(golden);
    GoldenArrays.assertDendrogram(
        expected.tensor("clustering/dendrogram"), clustering.dendrogram().orElseThrow());
    double threshold = golden.manifest().at("/params/clustering/threshold").asDouble();
    int[] flat = FlatClusters.cut(clustering.dendrogram().orElseThrow(), threshold);
    assertArrayEquals(
        ints(expected, "clustering/fcluster_first"), Arrays.stream(flat).map(k -> k + 1).toArray());
    assertArrayEquals(
        ints(expected, "clustering/train_chunk"),
        Arrays.stream(clustering.trainPairs()).map(pair -> pair / 3).toArray());
    assertArrayEquals(
        ints(expected, "clustering/train_speaker"),
        Arrays.stream(clustering.trainPairs()).map(pair -> pair % 3).toArray());
    assertArrayEquals(ints(expected, "clustering/train_clusters"), clustering.trainClusters());
    assertArrayEquals(ints(expected, "clustering/hard_clusters"), clustering.clusters());
    if (golden.holds("clustering/centroids")) {
      GoldenArrays.assertRows(expected.tensor("clustering/centroids"), clustering.centroids());
      double[][] similarities =
          Assignment.similarities(new RunStages(golden).embeddings(), clustering.centroids());
      assertArrayEquals(
          GoldenArrays.doubles(expected.tensor("clustering/soft_clusters")),
          Arrays.stream(similarities).flatMapToDouble(Arrays::stream).toArray());
    }
  }

  @TestFactory
  Stream<DynamicTest> diarizationsAreThoseOfPyannote() throws IOException {
    return GoldenCases.test(
        "runs", golden -> golden.holds("discrete_diarization"), RunStagesGoldenTest::diarization);
  }

  private static void diarization(GoldenCase golden) throws IOException {
    RunStages stages = new RunStages(golden);
    Clustering clustering = stages.clustering();
    List<String> warnings = new ArrayList<>();
    golden.manifest().required("warnings").forEach(text -> warnings.add(oneLine(text.asText())));
    assertEquals(
        warnings, clustering.boundsWarning(stages.bounds()).map(w -> oneLine(w)).stream().toList());

    DiscreteDiarization discrete = stages.discreteDiarization(clustering);
    Tensor expected = arrays(golden).tensor("discrete_diarization");
    int speakers = (int) expected.shape()[1];
    assertEquals(speakers, discrete.speakers().size());
    assertEquals(expected.shape()[0], discrete.frames());
    int[] frames = GoldenArrays.ints(expected);
    for (int i = 0; i < frames.length; i++) {
      int frame = i / speakers;
      assertEquals(
          frames[i] != 0,
          discrete.speakers().get(i % speakers).get(frame),
          () -> "a speaker in frame " + frame);
    }

    NamedSpeakers named = stages.namedSpeakers(discrete);
    assertEquals(turns(golden), named.annotation().turns());
    assertRttm(golden, named.annotation().turns());
    float[][] embeddings = named.embeddings(clustering.centroids(), 256);
    double[] rows = GoldenArrays.doubles(arrays(golden).tensor("speaker_embeddings"));
    assertEquals(rows.length, 256 * embeddings.length);
    for (int i = 0; i < rows.length; i++) {
      assertEquals(rows[i], embeddings[i / 256][i % 256]);
    }
  }

  /** Nothing was recorded of it; but nobody may be lost whom pyannote hears. */
  @TestFactory
  Stream<DynamicTest> exclusiveTurnsCoverTheSpeechAndNeverOverlap() throws IOException {
    return GoldenCases.test(
        "runs",
        golden ->
            golden.holds("discrete_diarization")
                && golden.manifest().at("/params/segmentation/min_duration_off").asDouble() == 0,
        RunStagesGoldenTest::exclusive);
  }

  private static void exclusive(GoldenCase golden) throws IOException {
    RunStages stages = new RunStages(golden);
    List<Turn> exclusive = stages.exclusive(stages.clustering());
    for (int i = 1; i < exclusive.size(); i++) {
      assertTrue(exclusive.get(i - 1).endSeconds() <= exclusive.get(i).startSeconds());
    }
    assertEquals(speech(turns(golden)), speech(exclusive));
  }

  /** Where somebody speaks; the turns are by start. */
  private static List<Segment> speech(List<Turn> turns) {
    List<Segment> speech = new ArrayList<>();
    for (Turn turn : turns) {
      Segment next = new Segment(turn.startSeconds(), turn.endSeconds());
      boolean continues = !speech.isEmpty() && next.startSeconds() <= speech.getLast().endSeconds();
      speech.add(continues ? speech.removeLast().hull(next) : next);
    }
    return speech;
  }

  @TestFactory
  Stream<DynamicTest> filesWithoutSpeechHaveNoTurns() throws IOException {
    return GoldenCases.test(
        "runs",
        golden -> golden.holds("count") && !golden.holds("discrete_diarization"),
        golden -> {
          assertEquals(0, SpeakerCount.of(new RunStages(golden).segmentation()).max());
          assertTrue(turns(golden).isEmpty());
          assertRttm(golden, List.of());
        });
  }

  @TestFactory
  Stream<DynamicTest> boundsThatPyannoteRefusesAreRefused() throws IOException {
    return GoldenCases.test(
        "runs",
        golden -> golden.manifest().has("error"),
        golden -> {
          String pyannote = golden.manifest().get("error").asText();
          String values = pyannote.replaceAll(".*here: (.*)\\)\\.", "$1");
          String message =
              assertThrows(IllegalArgumentException.class, new RunStages(golden)::bounds)
                  .getMessage();
          assertTrue(message.contains(values), message);
        });
  }

  @TestFactory
  Stream<DynamicTest> everyRunIsOfAKindThatIsTested() throws IOException {
    return GoldenCases.test(
        "runs",
        golden -> true,
        golden ->
            assertTrue(
                golden.holds("count")
                    || golden.holds("discrete_diarization")
                    || golden.manifest().has("error")));
  }

  private static Weights arrays(GoldenCase golden) throws IOException {
    return golden.arrays("stages.safetensors");
  }

  private static int[] ints(Weights arrays, String name) {
    return GoldenArrays.ints(arrays.tensor(name));
  }

  private static List<Turn> turns(GoldenCase golden) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode turn : golden.manifest().required("turns")) {
      turns.add(new Turn(turn.get(0).asDouble(), turn.get(1).asDouble(), turn.get(2).asText()));
    }
    return turns;
  }

  private static void assertRttm(GoldenCase golden, List<Turn> turns) throws IOException {
    String audio = Path.of(golden.manifest().required("audio").asText()).getFileName().toString();
    StringBuilder rttm = new StringBuilder();
    Rttm.write(turns, audio.substring(0, audio.lastIndexOf('.')), rttm);
    assertEquals(Files.readString(golden.folder().resolve("output.rttm")), rttm.toString());
  }

  private static String oneLine(String text) {
    return text.substring(0, Math.min(WARNING_LENGTH, text.length())).replace('\n', ' ');
  }
}
