package dev.diarist.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** Where the audio of a recording is. */
public sealed interface AudioLocation {

  /** A file of its own. */
  record InFile(Path file) implements AudioLocation {}

  /**
   * Bytes inside a Parquet file.
   *
   * @param row of the file, from 0
   * @param fileName that the bytes had, or one made up
   */
  record InParquet(Path parquet, long row, String fileName) implements AudioLocation {}

  /**
   * A file that holds the audio; the bytes of a Parquet file are written into {@code folder} first,
   * where they stay.
   *
   * @throws DatasetException if there are none
   */
  default Path file(Path folder) throws IOException {
    return switch (this) {
      case InFile(Path file) -> file;
      case InParquet embedded -> ParquetFile.extractAudio(embedded, folder);
    };
  }
}
