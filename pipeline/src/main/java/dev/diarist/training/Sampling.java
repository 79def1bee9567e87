package dev.diarist.training;

import dev.diarist.annotation.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Which chunks of the recordings an epoch consists of. */
public enum Sampling {
  /**
   * Chunk after chunk from the start of each recording, the next one beginning in the middle of the
   * last; every epoch has the same ones. A chunk that would end with the recording or after it is
   * left out. To judge: without overlap.
   *
   * <p>Source: diarizers, data/preprocess.py.
   */
  DIARIZERS {
    @Override
    List<ChunkPlace> training(
        List<TrainingRecording> recordings,
        double chunkSeconds,
        int batch,
        SplittableRandom random) {
      return consecutive(recordings, chunkSeconds, chunkSeconds / 2);
    }

    @Override
    List<ChunkPlace> development(List<TrainingRecording> recordings, double chunkSeconds) {
      return consecutive(recordings, chunkSeconds, chunkSeconds);
    }

    private List<ChunkPlace> consecutive(
        List<TrainingRecording> recordings, double chunkSeconds, double stepSeconds) {
      List<ChunkPlace> places = new ArrayList<>();
      for (int r = 0; r < recordings.size(); r++) {
        double last = recordings.get(r).durationSeconds() - chunkSeconds;
        for (int i = 0; i * stepSeconds < last; i++) {
          places.add(new ChunkPlace(r, i * stepSeconds));
        }
      }
      return places;
    }
  },

  /**
   * Chunks from random places of the annotated parts, each place as likely as any other; as many as
   * would cover the parts once, at least a batch. Parts shorter than a chunk are left out. To
   * judge: chunk after chunk from the start of each part.
   *
   * <p>Source: pyannote.audio 3.3.2, tasks/segmentation/mixins.py.
   */
  PYANNOTE {
    @Override
    List<ChunkPlace> training(
        List<TrainingRecording> recordings,
        double chunkSeconds,
        int batch,
        SplittableRandom random) {
      List<Part> parts = parts(recordings, chunkSeconds);
      double totalSeconds = parts.stream().mapToDouble(p -> p.segment().durationSeconds()).sum();
      List<ChunkPlace> places = new ArrayList<>();
      if (parts.isEmpty()) {
        return places;
      }
      int count = Math.max(batch, (int) Math.ceil(totalSeconds / chunkSeconds));
      for (int i = 0; i < count; i++) {
        double at = random.nextDouble() * totalSeconds;
        int p = 0;
        while (p < parts.size() - 1 && at >= parts.get(p).segment().durationSeconds()) {
          at -= parts.get(p++).segment().durationSeconds();
        }
        Segment segment = parts.get(p).segment();
        double free = segment.durationSeconds() - chunkSeconds;
        double start = segment.startSeconds() + random.nextDouble() * free;
        places.add(new ChunkPlace(parts.get(p).recording(), start));
      }
      return places;
    }

    @Override
    List<ChunkPlace> development(List<TrainingRecording> recordings, double chunkSeconds) {
      List<ChunkPlace> places = new ArrayList<>();
      for (Part part : parts(recordings, chunkSeconds)) {
        int count = (int) (part.segment().durationSeconds() / chunkSeconds);
        for (int i = 0; i < count; i++) {
          places.add(
              new ChunkPlace(part.recording(), part.segment().startSeconds() + i * chunkSeconds));
        }
      }
      return places;
    }

    private List<Part> parts(List<TrainingRecording> recordings, double chunkSeconds) {
      List<Part> parts = new ArrayList<>();
      for (int r = 0; r < recordings.size(); r++) {
        for (Segment segment : recordings.get(r).annotated()) {
          if (segment.durationSeconds() >= chunkSeconds) {
            parts.add(new Part(r, segment));
          }
        }
      }
      return parts;
    }
  };

  private record Part(int recording, Segment segment) {}

  /**
   * The chunks of one epoch, in the order of the recordings or as they were drawn.
   *
   * @param batch chunks of a step
   * @param random of this epoch
   */
  abstract List<ChunkPlace> training(
      List<TrainingRecording> recordings, double chunkSeconds, int batch, SplittableRandom random);

  /** The chunks by which a training is judged. */
  abstract List<ChunkPlace> development(List<TrainingRecording> recordings, double chunkSeconds);

  /** What it is called where it is chosen. */
  public String samplingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if none is called so
   */
  public static Sampling of(String name) {
    for (Sampling sampling : values()) {
      if (sampling.samplingName().equals(name)) {
        return sampling;
      }
    }
    throw new IllegalArgumentException("sampling must be diarizers or pyannote, got " + name);
  }
}
