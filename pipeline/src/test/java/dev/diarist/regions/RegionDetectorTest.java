package dev.diarist.regions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.SmallModel;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.segmentation.Segmentation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The small model on the recording that ships, against what pyannote.audio 3.3.2 says. */
class RegionDetectorTest {
  private static RegionDetector detector;

  @BeforeAll
  static void open() throws IOException {
    detector = RegionDetector.open(SmallModel.FOLDER, UnaryOperator.identity());
  }

  @AfterAll
  static void close() {
    detector.close();
  }

  @Test
  void speechIsWherePyannoteHearsIt() throws IOException {
    assertEquals(
        List.of(
            new Segment(0.6215937500000001, 3.6590937500000003),
            new Segment(4.283468750000001, 10.375343750000003),
            new Segment(10.847843750000003, 17.04096875),
            new Segment(17.41221875, 24.044093750000002),
            new Segment(24.65159375, 26.625968750000002),
            new Segment(27.18284375, 36.95346875),
            new Segment(37.67909375, 40.17659375),
            new Segment(40.81784375, 43.315343750000004),
            new Segment(43.85534375, 48.32721875)),
        regions(Region.SPEECH, 0.25, 0.3));
    assertEquals(11, regions(Region.SPEECH, 0, 0).size());
  }

  @Test
  void overlapIsWherePyannoteHearsIt() throws IOException {
    assertEquals(
        List.of(new Segment(23.63909375, 24.01034375), new Segment(32.21159375, 32.66721875)),
        regions(Region.OVERLAP, 0, 0));
  }

  private static List<Segment> regions(Region region, double on, double off) throws IOException {
    try (AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      List<Track> tracks =
          detector.detect(audio, region, Thresholds.HALF, on, off, StageListener.NONE).tracks();
      assertTrue(tracks.stream().allMatch(track -> track.label().equals(region.label())));
      return tracks.stream().map(Track::segment).toList();
    }
  }

  @Test
  void aCheckpointOfItsOwnGivesTheSame() throws IOException {
    try (RegionDetector alone =
            RegionDetector.open(
                SmallModel.FOLDER.resolve("segmentation/pytorch_model.bin"),
                UnaryOperator.identity());
        AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      assertEquals(
          regions(Region.OVERLAP, 0, 0),
          alone
              .detect(audio, Region.OVERLAP, Thresholds.HALF, 0, 0, StageListener.NONE)
              .tracks()
              .stream()
              .map(Track::segment)
              .toList());
    }
    assertThrows(
        IOException.class,
        () ->
            RegionDetector.open(
                SmallModel.FOLDER.resolve("embedding/pytorch_model.bin"),
                UnaryOperator.identity()));
  }

  @Test
  void multilabelsAreTheSegmentation() throws IOException {
    List<Segmentation> segmentations = new ArrayList<>();
    byte[] npy =
        scores(
            ScoreKind.MULTILABEL,
            ScoreFormat.NPY,
            event -> {
              if (event instanceof StageEvent.Segmented(Segmentation segmentation)) {
                segmentations.add(segmentation);
              }
            });
    Segmentation expected = segmentations.getFirst();
    ByteBuffer rows = data(npy, "(%d, 589, 3)".formatted(expected.chunks()));
    for (int c = 0; c < expected.chunks(); c++) {
      for (int f = 0; f < 589; f++) {
        for (int s = 0; s < 3; s++) {
          assertEquals(expected.isActive(c, f, s) ? 1f : 0f, rows.getFloat());
        }
      }
    }
    assertEquals(0, rows.remaining());
  }

  @Test
  void logProbabilitiesAreWhatTheNetworkSays() throws IOException {
    List<float[]> batches = new ArrayList<>();
    byte[] npy =
        scores(
            ScoreKind.LOG_PROBABILITIES,
            ScoreFormat.NPY,
            event -> {
              if (event instanceof StageEvent.ChunksScored scored) {
                batches.add(scored.scores());
              }
            });
    int chunks = batches.stream().mapToInt(batch -> batch.length).sum() / (589 * 7);
    ByteBuffer rows = data(npy, "(%d, 589, 7)".formatted(chunks));
    for (float[] batch : batches) {
      float[] written = new float[batch.length];
      rows.asFloatBuffer().get(written);
      rows.position(rows.position() + Float.BYTES * written.length);
      assertArrayEquals(batch, written);
    }
    assertEquals(0, rows.remaining());
  }

  @Test
  void jsonAndCsvHoldTheSameScores() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(scores(ScoreKind.MULTILABEL, ScoreFormat.JSON, StageListener.NONE));
    assertEquals("[\"speaker#1\",\"speaker#2\",\"speaker#3\"]", json.path("classes").toString());
    assertEquals("{\"start\":0.0,\"duration\":10.0,\"step\":1.0}", json.path("chunks").toString());
    assertEquals(
        "{\"start\":0.0,\"duration\":0.0619375,\"step\":0.016875}", json.path("frames").toString());
    String csv =
        new String(
            scores(ScoreKind.MULTILABEL, ScoreFormat.CSV, StageListener.NONE),
            StandardCharsets.UTF_8);
    List<String> lines = csv.lines().toList();
    assertEquals("chunk,frame,seconds,speaker#1,speaker#2,speaker#3", lines.getFirst());
    assertEquals(1 + 589 * json.path("scores").size(), lines.size());
    String[] row = lines.get(1 + 2 * 589 + 3).split(",");
    JsonNode expected = json.path("scores").path(2).path(3);
    assertEquals("2", row[0]);
    assertEquals("3", row[1]);
    assertEquals(2 + 0.03096875 + 3 * 0.016875, Double.parseDouble(row[2]), 1e-12);
    for (int s = 0; s < 3; s++) {
      assertEquals(expected.path(s).floatValue(), Float.parseFloat(row[3 + s]));
    }
  }

  @Test
  void scoresOfTheFileHaveNoFramesPastItsEnd() throws IOException {
    JsonNode json =
        new ObjectMapper().readTree(scores(ScoreKind.SPEECH, ScoreFormat.JSON, StageListener.NONE));
    try (AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      int frames = (int) (audio.samples() / 270) + 1;
      assertEquals(frames, json.path("scores").size());
    }
    assertEquals("[\"SPEECH\"]", json.path("classes").toString());
    assertTrue(json.path("chunks").isMissingNode());
    assertEquals(1, json.path("scores").path(0).size());
  }

  private static byte[] scores(ScoreKind kind, ScoreFormat format, StageListener listener)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AudioSource audio = AudioFiles.open(SmallModel.RECORDING)) {
      detector.writeScores(audio, kind, format, out, listener);
    }
    return out.toByteArray();
  }

  /** The rows behind a header that says {@code shape}. */
  private static ByteBuffer data(byte[] npy, String shape) {
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("\u0093NUMPY\u0001\u0000", ascii(npy, 0, 8));
    int length = bytes.getShort(8);
    assertEquals(0, (10 + length) % 64);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }",
        ascii(npy, 10, length).strip());
    return bytes.position(10 + length);
  }

  private static String ascii(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }
}
