import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.DiarizerOptions;
import dev.diarist.NetworkOutputs;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.segmentation.Segmentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;

/**
 * Times everything after the networks for a recording of many hours: MODEL AUDIO HOURS.
 *
 * <pre>
 * java -Xmx1700m --add-modules jdk.incubator.vector -cp "pipeline/target/*:pipeline/target/lib/*" \
 *     tests/benchmarks/Day.java MODEL AUDIO 24
 * </pre>
 *
 * What the networks say of AUDIO is repeated, one local speaker of each chunk, its embedding moved
 * by noise of 0.3 of its length, so that no two are alike.
 */
class Day {
  private static final double NOISE = 0.3;
  private static final int CHUNKS_PER_HOUR = 3600;

  private static Segmentation heard;
  private static Embeddings embedded;

  public static void main(String[] arguments) throws IOException {
    DiarizerOptions options = hear(Path.of(arguments[0]), Path.of(arguments[1]));
    NetworkOutputs outputs = repeated(Integer.parseInt(arguments[2]) * CHUNKS_PER_HOUR - 9);
    long start = System.nanoTime();
    Diarization day = Diarizer.resolve(outputs, options, SpeakerBounds.AUTO, StageListener.NONE);
    System.out.printf(
        "%d embeddings: %.1f s, %d turns of %d speakers%n",
        outputs.segmentation().chunks(),
        (System.nanoTime() - start) / 1e9,
        day.turns().size(),
        day.speakers().size());
  }

  private static DiarizerOptions hear(Path model, Path recording) throws IOException {
    try (Diarizer diarizer = Diarizer.open(model);
        AudioSource audio = AudioFiles.open(recording)) {
      diarizer.diarize(audio, SpeakerBounds.AUTO, Day::keep);
      return diarizer.options();
    }
  }

  private static void keep(StageEvent event) {
    switch (event) {
      case StageEvent.Segmented(Segmentation segmentation) -> heard = segmentation;
      case StageEvent.Embedded(Embeddings embeddings) -> embedded = embeddings;
      default -> {}
    }
  }

  private static NetworkOutputs repeated(int chunks) {
    int frames = heard.frames();
    int speakers = heard.localSpeakers();
    int period = heard.chunks() - 1; // without the padded one
    BitSet active = Masks.activePairs(heard);
    byte[] kept = new byte[chunks * frames];
    float[][] rows = new float[chunks * speakers][];
    float[] silence = new float[embedded.dimension()];
    Random random = new Random(3);
    for (int c = 0; c < chunks; c++) {
      int from = c % period;
      int speaker = active.nextSetBit(from * speakers) - from * speakers;
      for (int s = 0; s < speakers; s++) {
        rows[c * speakers + s] = s == speaker ? noisy(embedded.row(from, s), random) : silence;
      }
      for (int f = 0; f < frames && speaker >= 0 && speaker < speakers; f++) {
        kept[c * frames + f] = (byte) (heard.active()[from * frames + f] & 1 << speaker);
      }
    }
    return new NetworkOutputs(
        "day",
        new Segmentation(chunks, frames, speakers, kept, heard.chunkWindow(), heard.frameWindow()),
        new Embeddings(chunks, speakers, embedded.dimension(), rows));
  }

  private static float[] noisy(float[] row, Random random) {
    double square = 0;
    for (float value : row) {
      square += value * value;
    }
    float deviation = (float) (NOISE * Math.sqrt(square / row.length));
    float[] moved = row.clone();
    for (int d = 0; d < moved.length; d++) {
      moved[d] += deviation * (float) random.nextGaussian();
    }
    return moved;
  }
}
