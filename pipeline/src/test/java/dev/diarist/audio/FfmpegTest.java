package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real FFmpeg, where one is on the PATH; what it encodes here, we decode through it. */
class FfmpegTest {
  private static final int RATE = 44_100;
  private static final int SECONDS = 3;

  @TempDir private Path folder;
  @TempDir private Path spool;
  private AudioOptions options;

  @BeforeEach
  void findFfmpeg() throws Exception {
    options = AudioOptions.DEFAULT.withSpoolFolder(spool);
    try {
      run("-version");
    } catch (IOException e) {
      abort("skipped: no FFmpeg on the PATH: " + e.getMessage());
    }
  }

  /** Anything else than the very samples of the WAV file would be an error of ours. */
  @ParameterizedTest
  @CsvSource({
    "16, 2, alac.m4a, alac", "24, 1, alac24.m4a, alac", "16, 3, pcm.mkv, pcm_s16le",
    "24, 2, pcm24.mkv, pcm_s24le", "16, 2, flac.ogg, flac", "16, 1, pcm.caf, pcm_s16be",
    "16, 2, wv.wv, wavpack",
  })
  void aLosslessFormatIsHeardBitForBitAsTheFileItWasMadeOf(
      int bits, int channels, String name, String codec) throws Exception {
    Path wav = wav("sound.wav", bits, channels);
    Path file = encoded(wav, name, "-c:a", codec, "-strict", "experimental");
    try (Recording expected = AudioFiles.recording(wav, options);
        Recording actual = AudioFiles.recording(file, options)) {
      assertEquals(expected.sampleRate(), actual.sampleRate());
      assertEquals(channels, actual.channels());
      assertEquals(expected.frames(), actual.frames());
      for (int c = 0; c < channels; c++) {
        assertArrayEquals(samples(expected.channel(c)), samples(actual.channel(c)), 0f);
      }
    }
    assertEquals(0, filesIn(spool));
  }

  @ParameterizedTest
  @CsvSource({
    "a.mp3, libmp3lame",
    "a.ogg, libvorbis",
    "a.opus, libopus",
    "a.m4a, aac",
    "a.webm, libopus",
    "a.aac, aac",
  })
  void aLossyFormatSoundsLikeTheFileItWasMadeOf(String name, String codec) throws Exception {
    Path wav = wav("sound.wav", 16, 1);
    Path file = encoded(wav, name, "-c:a", codec, "-b:a", "128k");
    try (AudioSource expected = AudioFiles.open(wav, options);
        AudioSource actual = AudioFiles.open(file, options)) {
      double seconds = actual.samples() / (double) AudioSource.SAMPLE_RATE;
      assertEquals(SECONDS, seconds, 0.15); // encoders pad their first and last block
      assertEquals(rms(samples(expected)), rms(samples(actual)), 0.05 * rms(samples(expected)));
    }
    assertEquals(0, filesIn(spool));
  }

  @Test
  void theNameOfAFileIsNoOptionAddressOrPattern() throws Exception {
    Path mp3 = encoded(wav("sound.wav", 16, 1), "a.mp3");
    for (String name :
        List.of(
            "-i", "-y.mp3", "concat:a|b.mp3", "http:%2f%2fa.mp3", "a%03d.mp3", "a b;'$(x).mp3")) {
      Path named = Files.copy(mp3, folder.resolve(name));
      try (AudioSource audio = AudioFiles.open(named, options)) {
        assertTrue(audio.samples() > 2 * AudioSource.SAMPLE_RATE, name);
      }
    }
  }

  @Test
  void whatLooksLikeMp3CannotMakeFfmpegOpenAnotherFile() throws Exception {
    Path other = encoded(wav("sound.wav", 16, 1), "other.mp3");
    for (String list :
        List.of(
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://%s\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile other.mp3\n")) {
      String text = "ID3\4\0\0\0\0\0\0" + list.replace("%s", other.toString());
      Path file = Files.writeString(folder.resolve("list.mp3"), text);
      AudioException refusal =
          assertThrows(AudioException.class, () -> AudioFiles.open(file, options).close());
      assertTrue(refusal.getMessage().contains("not on whitelist"), refusal.getMessage());
    }
  }

  @Test
  void whatIsNoSoundIsRefusedInTheWordsOfFfmpeg() throws Exception {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    for (String start : List.of("ID3\4\0\0\0\0\0\0", "OggS", "\u001aE\u00df\u00a3", "caff")) {
      byte[] signature = start.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(signature, 0, noise, 0, signature.length);
      assertRefused(Files.write(folder.resolve("noise"), noise));
    }
    Path video = folder.resolve("video.mkv");
    run("-f", "lavfi", "-i", "color=s=16x16:d=1", "-c:v", "rawvideo", video.toString());
    String said = assertRefused(video);
    assertTrue(said.contains("matches no streams"), said);
    assertEquals(0, filesIn(spool));
  }

  @Test
  void ofAFileThatIsCutWhatIsThereIsHeardAndWhatCannotBeDecodedRefused() throws Exception {
    Path wav = wav("sound.wav", 16, 1);
    for (String name : List.of("a.mp3", "a.ogg", "a.webm")) {
      try (AudioSource audio = AudioFiles.open(half(encoded(wav, name)), options)) {
        double seconds = audio.samples() / (double) AudioSource.SAMPLE_RATE;
        assertTrue(seconds > 0.3 && seconds < 2.5, name + ": " + seconds + " s");
      }
    }
    assertRefused(half(encoded(wav, "a.m4a"))); // whose index stands at its end
  }

  @Test
  void anInterruptEndsTheDecoding() throws Exception {
    Path file = folder.resolve("long.opus");
    run("-f", "lavfi", "-i", "sine=duration=900:sample_rate=8000", "-b:a", "8k", file.toString());
    AtomicReference<Throwable> ending = new AtomicReference<>();
    Thread worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    AudioFiles.open(file, options).close();
                  } catch (IOException e) {
                    ending.set(e);
                  }
                });
    while (filesIn(spool) == 0 && worker.isAlive()) {
      Thread.sleep(1);
    }
    worker.interrupt();
    worker.join();
    assertEquals(file + ": decoding was interrupted", ending.get().getMessage());
    assertEquals(0, filesIn(spool));
  }

  private String assertRefused(Path file) {
    AudioException refusal =
        assertThrows(AudioException.class, () -> AudioFiles.open(file, options).close());
    String expected = file + ": FFmpeg (ffmpeg) failed to decode it with exit code ";
    assertTrue(refusal.getMessage().startsWith(expected), refusal.getMessage());
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    return refusal.getMessage();
  }

  private static Path half(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** A tone on each channel, with noise in every bit. */
  private Path wav(String name, int bits, int channels) throws IOException {
    Random random = new Random(bits + channels);
    byte[] samples = new byte[SECONDS * RATE * channels * bits / 8];
    for (int i = 0, at = 0; at < samples.length; i++) {
      double tone =
          0.4 * Math.sin((400 + 50 * (i % channels)) * 2 * Math.PI * (i / channels) / RATE);
      long value = Math.round((tone + 0.001 * random.nextGaussian()) * (1L << bits - 1));
      for (int b = 0; b < bits / 8; b++) {
        samples[at++] = (byte) (value >> 8 * b);
      }
    }
    byte[] format = WavBytes.format(WavBytes.PCM, channels, bits, RATE, channels * bits / 8);
    return Files.write(folder.resolve(name), WavBytes.wav(format, samples));
  }

  private Path encoded(Path wav, String name, String... arguments) throws Exception {
    Path file = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("-i", wav.toString()));
    all.addAll(List.of(arguments));
    all.add(file.toString());
    run(all.toArray(String[]::new));
    return file;
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("ffmpeg", "-nostdin", "-y", "-loglevel", "error"));
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile(folder, "ffmpeg", ".txt");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    assertEquals(0, code, command + ": " + Files.readString(said));
  }

  private static float[] samples(AudioSource audio) throws IOException {
    float[] samples = new float[(int) audio.samples()];
    audio.read(0, samples.length, samples, 0);
    return samples;
  }

  private static double rms(float[] samples) {
    double sum = 0;
    for (float sample : samples) {
      sum += sample * sample;
    }
    return Math.sqrt(sum / samples.length);
  }

  private static long filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
