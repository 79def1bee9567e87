package dev.diarist.training;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.nn.model.PyanNet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a segmentation network should say of a chunk. A segment covers the frames whose middles are
 * nearest to its ends, those included:
 *
 * <pre>
 * first = round((max(start, chunk start) − chunk start − field/2) / step)
 * last  = round((min(end, chunk end) − chunk start − field/2) / step)
 * </pre>
 *
 * Source: {@code prepare_chunk} of pyannote.audio 3.3.2, and Hugging Face diarizers; but a segment
 * that ends before the middle of the first frame covers none, where Python's negative index makes
 * it cover all but the last.
 *
 * @param frames of a chunk
 * @param speakers local speakers of a chunk, at most
 * @param chunkSeconds length of a chunk
 * @param stepSeconds from one frame to the next
 * @param fieldSeconds that a frame sees
 */
record ChunkTargets(
    int frames, int speakers, double chunkSeconds, double stepSeconds, double fieldSeconds) {

  static ChunkTargets of(PyanNet network, int frames) {
    double rate = network.sampleRate();
    return new ChunkTargets(
        frames,
        network.powerset().speakers(),
        network.chunkSeconds(),
        network.frameStepSamples() / rate,
        network.receptiveFieldSamples() / rate);
  }

  /**
   * Writes the speakers of each frame, bit s standing for speaker s: those of the chunk in the
   * order in which the annotation first has them; of more than the network knows, those with the
   * most frames.
   *
   * @param sets overwritten from {@code offset} to {@code offset + frames}
   */
  void write(Annotation annotation, double startSeconds, byte[] sets, int offset) {
    List<boolean[]> active = active(annotation, startSeconds);
    for (int f = 0; f < frames; f++) {
      int set = 0;
      for (int s = 0; s < active.size(); s++) {
        set |= active.get(s)[f] ? 1 << s : 0;
      }
      sets[offset + f] = (byte) set;
    }
  }

  private List<boolean[]> active(Annotation annotation, double startSeconds) {
    Map<String, boolean[]> byLabel = new LinkedHashMap<>();
    for (Track track : annotation.tracks()) {
      boolean[] frames = byLabel.computeIfAbsent(track.label(), label -> new boolean[this.frames]);
      mark(track.segment(), startSeconds, frames);
    }
    Comparator<boolean[]> most = Comparator.comparingInt(ChunkTargets::count).reversed();
    List<boolean[]> found =
        new ArrayList<>(byLabel.values().stream().filter(a -> count(a) > 0).toList());
    return found.size() <= speakers
        ? found
        : found.stream().sorted(most).limit(speakers).toList(); // stable, as the order of labels is
  }

  private void mark(Segment segment, double chunkStart, boolean[] active) {
    // Annotations are float32 in both trainers.
    double start = (float) segment.startSeconds();
    double end = (float) segment.endSeconds();
    double chunkEnd = chunkStart + chunkSeconds;
    if (start < chunkEnd && end > chunkStart) {
      int first = Math.max(0, frame(Math.max(start, chunkStart) - chunkStart));
      int last = Math.min(frames - 1, frame(Math.min(end, chunkEnd) - chunkStart));
      for (int f = first; f <= last; f++) {
        active[f] = true;
      }
    }
  }

  private int frame(double seconds) {
    return (int) Math.rint((seconds - 0.5 * fieldSeconds) / stepSeconds);
  }

  private static int count(boolean[] active) {
    int count = 0;
    for (boolean frame : active) {
      count += frame ? 1 : 0;
    }
    return count;
  }
}
