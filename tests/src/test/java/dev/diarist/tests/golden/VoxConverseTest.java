package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diarist.annotation.Rttm;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.DatasetStatistics;
import dev.diarist.dataset.Pairing;
import dev.diarist.dataset.Recording;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Scoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The 448 annotation files of VoxConverse 0.3. */
class VoxConverseTest {
  @TempDir private Path folder;

  private static Dataset subset(String name) throws IOException {
    Path rttm = GoldenCases.shared().resolve("data/voxconverse-rttm").resolve(name);
    assumeTrue(
        Files.isDirectory(rttm),
        "skipped: no shared data (diarist.shared=" + GoldenCases.shared() + ")");
    return Dataset.open(rttm.toString());
  }

  @ParameterizedTest
  @CsvSource({"dev, 216", "test, 232"})
  void filesWrittenBackSayTheSame(String name, int files) throws IOException {
    Dataset original = subset(name);
    assertEquals(files, original.recordings().size());
    for (Recording recording : original.recordings()) {
      StringBuilder text = new StringBuilder();
      Rttm.write(recording.annotation().turns(), recording.uri(), text);
      Files.writeString(folder.resolve(recording.uri() + ".rttm"), text);
    }
    Dataset copy = Dataset.open(folder.toString());
    assertEquals(files, copy.recordings().size());
    for (int i = 0; i < files; i++) {
      Recording one = original.recordings().get(i);
      Recording other = copy.recordings().get(i);
      assertEquals(one.uri(), other.uri());
      assertEquals(one.annotation().turns(), other.annotation().turns(), one.uri());
    }
  }

  /**
   * Files and speakers of a recording as the data set's page has them; turns and hours of turns
   * were counted from the files by other means.
   */
  @ParameterizedTest
  @CsvSource({"dev, 216, 1, 4.5, 20, 8268, 19.648144", "test, 232, 1, 6.5, 21, 19479, 40.220244"})
  void statisticsAreThePublishedOnes(
      String name, int files, int fewest, double mean, int most, int turns, double hours)
      throws IOException {
    DatasetStatistics statistics = DatasetStatistics.of(subset(name));
    var speakers =
        statistics.recordings().stream()
            .mapToInt(DatasetStatistics.Row::speakers)
            .summaryStatistics();
    assertEquals(files, speakers.getCount());
    assertEquals(fewest, speakers.getMin());
    assertEquals(mean, speakers.getAverage(), 0.05);
    assertEquals(most, speakers.getMax());
    assertEquals(turns, statistics.total().turns());
    assertEquals(hours, statistics.total().turnSeconds() / 3600, 1e-6);
  }

  @Test
  void nothingIsWrongWithTheReferenceItself() throws IOException {
    Dataset dataset = subset("test");
    Evaluation evaluation =
        Evaluation.of(
            Pairing.of(dataset, Pairing.hypotheses(Path.of(dataset.name())), Optional.empty())
                .comparisons(),
            List.of(Metric.DIARIZATION_ERROR_RATE, Metric.JACCARD_ERROR_RATE),
            Scoring.DEFAULT);
    assertEquals(0, evaluation.total(Metric.DIARIZATION_ERROR_RATE).rate());
    assertEquals(0, evaluation.total(Metric.JACCARD_ERROR_RATE).rate(), 1e-12);
    assertEquals(1503, evaluation.total(Metric.JACCARD_ERROR_RATE).component("speaker count"));
  }
}
