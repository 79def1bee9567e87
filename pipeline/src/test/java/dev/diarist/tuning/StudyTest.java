package dev.diarist.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.diarist.DiarizerOptions;
import dev.diarist.SmallModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
  @TempDir private Path folder;

  @Test
  void theBestConfigurationHasEveryOptionThatTheTrialsWereMadeWith() throws IOException {
    UnaryOperator<DiarizerOptions> changed =
        options ->
            options
                .with("segmentation.threshold", "0.3")
                .with("clustering.constrained_assignment", "true")
                .with("clustering.max_num_embeddings", "500")
                .with("clustering.seed", "7");
    Study study = Study.of(SmallModel.FOLDER, changed, folder);
    List<Trial> trials =
        List.of(
            new Trial(0, Map.of("clustering.threshold", "0.7"), 0.2),
            new Trial(1, Map.of("clustering.threshold", "0.6"), 0.1));
    assertEquals(
        study.options().with("clustering.threshold", "0.6"),
        DiarizerOptions.of(study.best(trials)));
  }

  @Test
  void theNetworksAreHeardAgainWhereAnOptionChangesWhatTheySay() throws IOException {
    NetworkCache usual = Study.of(SmallModel.FOLDER, options -> options, folder).cache();
    Map<String, String> changes =
        Map.of(
            "segmentation_step", "0.2",
            "segmentation.threshold", "0.3",
            "embedding_exclude_overlap", "false");
    for (var change : changes.entrySet()) {
      NetworkCache changed =
          Study.of(
                  SmallModel.FOLDER,
                  options -> options.with(change.getKey(), change.getValue()),
                  folder)
              .cache();
      assertNotEquals(usual, changed, change.getKey());
    }
  }
}
