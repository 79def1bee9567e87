import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.Mode;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Diarizes one recording: MODEL AUDIO THREADS MODE. Prints RTTM and last the seconds of the
 * pipeline alone, without the start of the JVM and the loading of the model.
 */
class DiarizeOnce {
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[2]);
    Mode mode = Mode.valueOf(args[3].toUpperCase(Locale.ROOT));
    try (Diarizer diarizer =
        Diarizer.open(Path.of(args[0]), options -> options.withThreads(threads).withMode(mode))) {
      long start = System.nanoTime();
      Diarization diarization;
      try (AudioSource audio = AudioFiles.open(Path.of(args[1]))) {
        diarization = diarizer.diarize(audio, SpeakerBounds.AUTO, StageListener.NONE);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      OutputFormat.RTTM.write(diarization, System.out);
      System.out.println(seconds);
    }
  }
}
