package dev.diarist.training;

import dev.diarist.annotation.Segment;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The recordings of a data set that can be heard, from which chunks are read as they are needed. A
 * few files stay open; nothing else of the recordings is kept.
 */
public final class ChunkSource implements AutoCloseable {
  /** Files that are open at a time: far below what systems allow a process. */
  private static final int MAX_OPEN = 64;

  /**
   * A recording that can be heard.
   *
   * @param regions what was annotated, within the recording; in order
   */
  public record Heard(Recording recording, Path file, double seconds, List<Segment> regions) {}

  private final List<Heard> recordings;
  private final Map<Integer, AudioSource> open = new LinkedHashMap<>(16, 0.75f, true);

  private ChunkSource(List<Heard> recordings) {
    this.recordings = List.copyOf(recordings);
  }

  /**
   * Opens every recording once to see whether it can be heard.
   *
   * @param extracted folder for audio that a Parquet file holds
   * @param skipped told the name of each recording that cannot be used, and why
   * @throws IOException if none can
   */
  public static ChunkSource open(
      Dataset dataset, Path extracted, BiConsumer<String, String> skipped) throws IOException {
    List<Heard> recordings = new ArrayList<>();
    for (Recording recording : dataset.recordings()) {
      if (recording.audio().isEmpty()) {
        skipped.accept(recording.uri(), "no audio was found");
        continue;
      }
      try {
        Path file = recording.audio().get().file(extracted);
        try (AudioSource audio = AudioFiles.open(file)) {
          double seconds = audio.samples() / (double) AudioSource.SAMPLE_RATE;
          recordings.add(new Heard(recording, file, seconds, regions(recording, seconds)));
        }
      } catch (IOException e) {
        skipped.accept(recording.uri(), e.getMessage());
      }
    }
    if (recordings.isEmpty()) {
      throw new IOException(
          "%s: at least one recording must be readable, none of %d is"
              .formatted(dataset.name(), dataset.recordings().size()));
    }
    return new ChunkSource(recordings);
  }

  private static List<Segment> regions(Recording recording, double seconds) {
    Segment whole = new Segment(0, seconds);
    return recording.annotated().orElse(List.of(whole)).stream()
        .map(whole::intersection)
        .filter(region -> !region.isEmpty())
        .sorted()
        .toList();
  }

  public List<Heard> recordings() {
    return recordings;
  }

  /**
   * Reads the samples of a chunk, zeros past the end of the recording.
   *
   * @param target overwritten from {@code offset} to {@code offset + count}
   */
  void read(ChunkPlace place, int count, float[] target, int offset) throws IOException {
    long first = (long) Math.floor(place.startSeconds() * AudioSource.SAMPLE_RATE);
    audio(place.recording()).read(first, count, target, offset);
  }

  private AudioSource audio(int recording) throws IOException {
    AudioSource audio = open.get(recording);
    if (audio == null) {
      if (open.size() == MAX_OPEN) {
        var eldest = open.entrySet().iterator();
        AudioSource closed = eldest.next().getValue();
        eldest.remove();
        closed.close();
      }
      audio = AudioFiles.open(recordings.get(recording).file());
      open.put(recording, audio);
    }
    return audio;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (AudioSource audio : open.values()) {
      try {
        audio.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
