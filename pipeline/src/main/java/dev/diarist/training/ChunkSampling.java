package dev.diarist.training;

import dev.diarist.annotation.Segment;
import dev.diarist.nn.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Which chunks an epoch consists of, and which ones development figures are taken from. */
public enum ChunkSampling {
  /**
   * Chunks that begin half a chunk apart in every recording, in an order by chance; for development
   * chunks that begin a whole chunk apart. What is left at the end of a recording is left out, as
   * is a recording of no more than a chunk. Source: Hugging Face diarizers, preprocess.py.
   */
  DIARIZERS {
    @Override
    List<ChunkPlace> epoch(
        ChunkSource source, double chunkSeconds, TrainingSettings settings, int n) {
      List<ChunkPlace> all = consecutive(source, chunkSeconds, 0.5 * chunkSeconds);
      if (!settings.shuffled()) {
        return all;
      }
      List<ChunkPlace> shuffled = new ArrayList<>();
      for (int i : Trainer.order(settings.seed(), n, all.size())) {
        shuffled.add(all.get(i));
      }
      return shuffled;
    }

    @Override
    public List<ChunkPlace> development(ChunkSource source, double chunkSeconds) {
      return consecutive(source, chunkSeconds, chunkSeconds);
    }
  },

  /**
   * Chunks by chance: a recording by its annotated length, a region of it by its length, a place in
   * the region; as many as have the length of all regions, at least a batch. For development the
   * chunks that fill each region. Regions shorter than a chunk are left out. Source: pyannote.audio
   * 3.3.2, tasks/segmentation/mixins.py.
   */
  PYANNOTE {
    @Override
    List<ChunkPlace> epoch(
        ChunkSource source, double chunkSeconds, TrainingSettings settings, int n) {
      record Region(int recording, Segment segment) {}
      List<Region> regions = new ArrayList<>();
      double total = 0;
      for (int r = 0; r < source.recordings().size(); r++) {
        for (Segment segment : source.recordings().get(r).regions()) {
          if (segment.durationSeconds() >= chunkSeconds) {
            regions.add(new Region(r, segment));
            total += segment.durationSeconds();
          }
        }
      }
      List<ChunkPlace> places = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(settings.seed() * EPOCHS_APART + n);
      int count =
          regions.isEmpty() ? 0 : (int) Math.max(settings.batch(), Math.ceil(total / chunkSeconds));
      for (int i = 0; i < count; i++) {
        // A region by its length among all: the same as a recording first, and then its region.
        double at = random.nextDouble() * total;
        int chosen = 0;
        while (chosen < regions.size() - 1
            && at >= regions.get(chosen).segment().durationSeconds()) {
          at -= regions.get(chosen++).segment().durationSeconds();
        }
        Segment segment = regions.get(chosen).segment();
        double room = segment.durationSeconds() - chunkSeconds;
        places.add(
            new ChunkPlace(
                regions.get(chosen).recording(),
                segment.startSeconds() + random.nextDouble() * room));
      }
      return places;
    }

    @Override
    public List<ChunkPlace> development(ChunkSource source, double chunkSeconds) {
      List<ChunkPlace> places = new ArrayList<>();
      for (int r = 0; r < source.recordings().size(); r++) {
        for (Segment segment : source.recordings().get(r).regions()) {
          int chunks = (int) Math.floor(segment.durationSeconds() / chunkSeconds);
          for (int c = 0; c < chunks; c++) {
            places.add(new ChunkPlace(r, segment.startSeconds() + c * chunkSeconds));
          }
        }
      }
      return places;
    }
  };

  /** An odd number far from small ones, so that neighbouring epochs and seeds differ. */
  private static final long EPOCHS_APART = 0x9e3779b97f4a7c15L;

  /**
   * The chunks of one epoch, which follow from the seed and its number.
   *
   * @param n of the epoch, from 1
   */
  abstract List<ChunkPlace> epoch(
      ChunkSource source, double chunkSeconds, TrainingSettings settings, int n);

  /** The chunks for figures; always the same. */
  public abstract List<ChunkPlace> development(ChunkSource source, double chunkSeconds);

  /** Its name on the command line. */
  public String samplingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public static ChunkSampling of(String name) {
    for (ChunkSampling sampling : values()) {
      if (sampling.samplingName().equals(name)) {
        return sampling;
      }
    }
    throw new IllegalArgumentException("sampling must be diarizers or pyannote, got " + name);
  }

  /** Chunks that begin every {@code stepSeconds} and end before the recording does. */
  static List<ChunkPlace> consecutive(ChunkSource source, double chunkSeconds, double stepSeconds) {
    List<ChunkPlace> places = new ArrayList<>();
    for (int r = 0; r < source.recordings().size(); r++) {
      double last = source.recordings().get(r).seconds() - chunkSeconds;
      for (int i = 0; i * stepSeconds < last; i++) {
        places.add(new ChunkPlace(r, i * stepSeconds));
      }
    }
    return places;
  }
}
