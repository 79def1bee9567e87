package dev.diarist.tuning;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.diarist.SmallModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
  @TempDir private Path folder;

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
