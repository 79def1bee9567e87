package dev.diarist.dataset;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.audio.AudioFiles;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A Parquet file in the layout of diarizers-community on Hugging Face, one recording in each row:
 * {@code audio} (struct of {@code bytes} and {@code path}), {@code speakers}, {@code
 * timestamps_start}, {@code timestamps_end} (lists of one length, an entry for each turn, seconds).
 *
 * <p>Audio stays in the file until it is asked for: a row may hold an hour.
 */
final class ParquetFile {
  private static final String AUDIO = "audio";
  private static final String PATH = "audio.path";
  private static final String BYTES = "audio.bytes";
  private static final String SPEAKERS = "speakers";
  private static final String STARTS = "timestamps_start";
  private static final String ENDS = "timestamps_end";

  private ParquetFile() {}

  /**
   * A recording for each row, named as its audio file was; where that has no name or two have the
   * same, by file and row.
   *
   * @throws DatasetException if the file is no Parquet, has other columns, or lists of different
   *     lengths
   */
  static List<Recording> recordings(Path file) throws IOException {
    List<Recording> recordings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try (ParquetFileReader reader = open(file);
        RowReader rows =
            rows(file, reader, ColumnProjection.columns(PATH, SPEAKERS, STARTS, ENDS), 0)) {
      while (rows.hasNext()) {
        rows.next();
        int row = recordings.size();
        PqStruct audio = rows.getStruct(AUDIO);
        String path = audio == null || audio.isNull("path") ? null : audio.getString("path");
        String fileName = fileName(file, row, path);
        String uri = AudioFiles.uri(Path.of(fileName));
        if (!names.add(uri)) {
          fileName = fileName(file, row, null);
          uri = AudioFiles.uri(Path.of(fileName));
          names.add(uri);
        }
        recordings.add(
            new Recording(
                uri,
                Optional.of(new AudioLocation.InParquet(file, row, fileName)),
                annotation(file, row, rows),
                Optional.empty()));
      }
    } catch (RuntimeException e) {
      throw unreadable(file, e);
    }
    return recordings;
  }

  /** Writes the audio of a row into a folder, unless it is there. */
  static Path extractAudio(AudioLocation.InParquet audio, Path folder) throws IOException {
    Path target = folder.resolve(audio.fileName());
    if (Files.exists(target)) {
      return target;
    }
    byte[] bytes = null;
    try (ParquetFileReader reader = open(audio.parquet());
        RowReader rows =
            rows(audio.parquet(), reader, ColumnProjection.columns(BYTES), audio.row())) {
      if (rows.hasNext()) {
        rows.next();
        PqStruct struct = rows.getStruct(AUDIO);
        bytes = struct == null || struct.isNull("bytes") ? null : struct.getBinary("bytes");
      }
    } catch (RuntimeException e) {
      throw unreadable(audio.parquet(), e);
    }
    if (bytes == null) {
      throw new DatasetException(
          audio.parquet() + ": row " + audio.row() + " must hold the bytes of its audio, has none");
    }
    Files.createDirectories(folder);
    return Files.write(target, bytes);
  }

  private static ParquetFileReader open(Path file) throws IOException {
    try {
      return ParquetFileReader.open(InputFile.of(file));
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  private static RowReader rows(
      Path file, ParquetFileReader reader, ColumnProjection columns, long skipped)
      throws DatasetException {
    for (String column : List.of(AUDIO, SPEAKERS, STARTS, ENDS)) {
      try {
        reader.getFileSchema().getField(column);
      } catch (RuntimeException e) {
        throw new DatasetException(
            file
                + ": must have the columns audio, speakers, timestamps_start, timestamps_end; lacks"
                + " "
                + column,
            e);
      }
    }
    return reader.buildRowReader().projection(columns).skip(skipped).build();
  }

  private static Annotation annotation(Path file, int row, RowReader rows) throws DatasetException {
    List<Object> speakers = values(rows, SPEAKERS);
    List<Object> starts = values(rows, STARTS);
    List<Object> ends = values(rows, ENDS);
    if (speakers.size() != starts.size() || starts.size() != ends.size()) {
      throw new DatasetException(
          "%s: row %d: speakers, timestamps_start and timestamps_end must be of one length, are of %d, %d and %d"
              .formatted(file, row, speakers.size(), starts.size(), ends.size()));
    }
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < speakers.size(); i++) {
      if (!(speakers.get(i) instanceof String speaker
          && starts.get(i) instanceof Number start
          && ends.get(i) instanceof Number end)) {
        throw new DatasetException(
            "%s: row %d: turn %d must have a speaker, a start and an end, has %s, %s and %s"
                .formatted(file, row, i, speakers.get(i), starts.get(i), ends.get(i)));
      }
      tracks.add(
          new Track(
              new Segment(start.doubleValue(), end.doubleValue()), Integer.toString(i), speaker));
    }
    return Annotation.of(tracks);
  }

  private static List<Object> values(RowReader rows, String column) {
    PqList list = rows.getList(column);
    return list == null ? List.of() : list.values();
  }

  /** The last part of {@code path}, or a name made of file and row. */
  private static String fileName(Path file, int row, String path) {
    String last = path == null ? "" : path.substring(path.replace('\\', '/').lastIndexOf('/') + 1);
    if (!last.isBlank() && !last.equals(".") && !last.equals("..")) {
      return last;
    }
    return "%s-%05d.wav".formatted(AudioFiles.uri(file), row).toLowerCase(Locale.ROOT);
  }

  private static DatasetException unreadable(Path file, Exception cause) {
    if (cause instanceof DatasetException known) {
      return known;
    }
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new DatasetException(file + ": not readable as Parquet: " + reason, cause);
  }
}
