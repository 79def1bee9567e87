package dev.diarist.training;

import dev.diarist.annotation.Segment;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.DatasetException;
import dev.diarist.dataset.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The recordings of a data set that can be trained on. Their audio is read chunk by chunk. */
final class TrainingSet {
  private final String name;
  private final List<TrainingRecording> recordings;

  private TrainingSet(String name, List<TrainingRecording> recordings) {
    this.name = name;
    this.recordings = List.copyOf(recordings);
  }

  /**
   * Opens each recording once.
   *
   * @param folder receives audio that the data set has inside of other files
   * @param notices receives a sentence for each recording that is left out
   * @throws DatasetException if none remains
   */
  static TrainingSet open(Dataset dataset, Path folder, Consumer<String> notices)
      throws IOException {
    List<TrainingRecording> usable = new ArrayList<>();
    for (Recording recording : dataset.recordings()) {
      if (recording.audio().isEmpty()) {
        notices.accept(recording.uri() + " is left out: no audio was found");
        continue;
      }
      try {
        usable.add(opened(recording, recording.audio().get().file(folder)));
      } catch (IOException e) {
        notices.accept(recording.uri() + " is left out: " + e.getMessage());
      }
    }
    if (usable.isEmpty()) {
      throw new DatasetException(
          "%s: a training needs recordings with audio, none of %d has any that can be read"
              .formatted(dataset.name(), dataset.recordings().size()));
    }
    return new TrainingSet(dataset.name(), usable);
  }

  private static TrainingRecording opened(Recording recording, Path audio) throws IOException {
    try (AudioSource source = AudioFiles.open(audio)) {
      Segment whole = new Segment(0, source.durationSeconds());
      List<Segment> annotated =
          recording.annotated().orElse(List.of(whole)).stream()
              .map(segment -> segment.intersection(whole))
              .filter(segment -> !segment.isEmpty())
              .toList();
      return new TrainingRecording(
          recording.uri(), audio, source.durationSeconds(), recording.annotation(), annotated);
    }
  }

  String name() {
    return name;
  }

  List<TrainingRecording> recordings() {
    return recordings;
  }

  double durationSeconds() {
    return recordings.stream().mapToDouble(TrainingRecording::durationSeconds).sum();
  }

  /**
   * What is heard and what should be said of it at some places.
   *
   * @param samples of a chunk
   * @param waveforms (places, samples), overwritten
   * @param sets (places, frames) of {@code targets}, overwritten
   */
  void read(
      List<ChunkPlace> places, int samples, float[] waveforms, FrameTargets targets, byte[] sets)
      throws IOException {
    double chunkSeconds = (double) samples / AudioSource.SAMPLE_RATE;
    for (int i = 0; i < places.size(); i++) {
      ChunkPlace place = places.get(i);
      TrainingRecording recording = recordings.get(place.recording());
      try (AudioSource source = AudioFiles.open(recording.audio())) {
        long first = Math.round(place.startSeconds() * AudioSource.SAMPLE_RATE);
        source.read(first, samples, waveforms, i * samples);
      }
      byte[] own = targets.of(recording.annotation(), place.startSeconds(), chunkSeconds);
      System.arraycopy(own, 0, sets, i * own.length, own.length);
    }
  }
}
