package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignAudioTest {
  private static final String MP3 = "ID3\4\0\0\0\0\0\0 and more";

  @TempDir private Path folder;
  @TempDir private Path spool;
  private AudioOptions options;

  @BeforeEach
  void spoolHere() {
    options = AudioOptions.DEFAULT.withSpoolFolder(spool);
  }

  @Test
  void ffmpegIsAskedForFloatsOfTheFirstSoundAndItsOutputIsKeptUntilTheEnd() throws IOException {
    byte[] wav =
        new WavBytes()
            .chunk("fmt ", WavBytes.format(WavBytes.FLOAT, 2, 32, 8000, 8))
            .raw("data", -1, WavBytes.floats(0.5f, 0.25f, -1f, 1f))
            .file("RIFF", -1); // as FFmpeg writes into a pipe
    Files.write(folder.resolve("decoded"), wav);
    Path ffmpeg = script("printf '%s\\n' \"$@\" > asked; cat decoded");
    Path mp3 = Files.writeString(folder.resolve("-a b;c.mp3"), MP3);
    try (Recording recording = AudioFiles.recording(mp3, options.withFfmpeg(ffmpeg.toString()))) {
      assertEquals("-a b;c", recording.uri());
      assertEquals(8000, recording.sampleRate());
      assertEquals(2, recording.channels());
      assertEquals(2, recording.frames());
      float[] crop = new float[1];
      recording.channel(0).crop(0, 1 / 16000.0, crop, 0);
    }
    assertEquals(0, filesIn(spool));
    assertEquals(
        List.of(
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-protocol_whitelist",
            "file,pipe",
            "-format_whitelist",
            "aac,amr,ape,asf,caf,matroska,mov,mp3,ogg,wv",
            "-i",
            "file:" + mp3.toAbsolutePath(),
            "-map",
            "0:a:0",
            "-c:a",
            "pcm_f32le",
            "-f",
            "wav",
            "pipe:1"),
        Files.readAllLines(folder.resolve("asked")));
  }

  @Test
  void theFailureOfFfmpegIsToldInItsOwnWords() throws IOException {
    Path ffmpeg = script("echo 'Invalid data' >&2; echo ' found' >&2; exit 187");
    Path mp3 = Files.writeString(folder.resolve("a.mp3"), MP3);
    assertRefused(
        mp3,
        options.withFfmpeg(ffmpeg.toString()),
        mp3
            + ": FFmpeg ("
            + ffmpeg
            + ") failed to decode it with exit code 187: Invalid data found");
    assertEquals(0, filesIn(spool));
  }

  @Test
  void whatFfmpegCutsShortIsNotTakenForSound() throws IOException {
    Path ffmpeg = script("printf RIFFxxxxWAVE");
    Path mp3 = Files.writeString(folder.resolve("a.mp3"), MP3);
    AudioException refusal =
        assertThrows(
            AudioException.class,
            () -> AudioFiles.open(mp3, options.withFfmpeg(ffmpeg.toString())).close());
    assertEquals(
        mp3
            + ": what FFmpeg ("
            + ffmpeg
            + ") decoded cannot be read: "
            + mp3
            + ": is truncated or damaged: it ends without samples (no 'data' chunk)",
        refusal.getMessage());
    assertEquals(0, filesIn(spool));
  }

  @Test
  void withoutADecoderItIsSaidWhatToAdd() throws IOException {
    AudioOptions without = options.withFfmpeg("no-such-ffmpeg");
    String advice =
        " audio, which needs FFmpeg (not found as 'no-such-ffmpeg') or a javax.sound.sampled"
            + " provider for it on the class path; install one of them";
    assertNeeds("OggS and more ....", "Ogg (Vorbis, Opus or Speex)" + advice, without);
    assertNeeds(MP3, "MP3" + advice, without);
    assertNeeds("\u00ff\u00fb\u0090\u0064 and more", "MP3" + advice, without);
    assertNeeds("\0\0\0\u0020ftypM4A and more", "MPEG-4 (M4A)" + advice, without);
    assertNeeds("\u001a\u0045\u00df\u00a3 and more", "Matroska (WebM)" + advice, without);
    assertNeeds("caff and more ....", "Core Audio (CAF)" + advice, without);
    assertEquals(0, filesIn(spool));
  }

  private void assertNeeds(String start, String sentence, AudioOptions options) throws IOException {
    Path file = folder.resolve("a");
    Files.write(file, start.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file, options, file + ": is " + sentence);
  }

  @Test
  void aProviderOnTheClassPathComesBeforeFfmpeg() throws IOException {
    Path file = Files.write(folder.resolve("a.caf"), FixedAudioReader.SIGNATURE);
    try (AudioSource audio = AudioFiles.open(file, options.withFfmpeg("no-such-ffmpeg"))) {
      float[] samples = new float[2];
      audio.read(0, 2, samples, 0);
      assertArrayEquals(new float[] {0.5f, -1f}, samples);
      assertEquals(2, audio.samples());
    }
    assertEquals(0, filesIn(spool));
  }

  @Test
  void aStreamOfAForeignFormatIsDecodedToo() throws IOException {
    Path ffmpeg = script("test -s \"${10#file:}\" || exit 3; cat decoded");
    Files.write(
        folder.resolve("decoded"),
        WavBytes.wav(WavBytes.format(WavBytes.PCM, 1, 16), WavBytes.shorts(16384)));
    try (AudioSource audio =
        AudioStreams.open(
            "stream",
            new ByteArrayInputStream(MP3.getBytes(StandardCharsets.ISO_8859_1)),
            options.withFfmpeg(ffmpeg.toString()))) {
      float[] sample = new float[1];
      audio.read(0, 1, sample, 0);
      assertEquals(0.5f, sample[0]);
    }
    assertEquals(0, filesIn(spool));
  }

  @Test
  void aFolderThatTakesNoTemporaryFileIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("a.caf"), FixedAudioReader.SIGNATURE);
    Path absent = folder.resolve("absent");
    String reason = ": needs a temporary file, and none can be made in " + absent + ": ";
    for (Path recording : new Path[] {file, Files.writeString(folder.resolve("a.mp3"), MP3)}) {
      AudioException refusal =
          assertThrows(
              AudioException.class,
              () -> AudioFiles.open(recording, options.withSpoolFolder(absent)).close());
      assertEquals(true, refusal.getMessage().startsWith(recording + reason), refusal.getMessage());
    }
  }

  private static void assertRefused(Path file, AudioOptions options, String message) {
    AudioException refusal =
        assertThrows(AudioException.class, () -> AudioFiles.open(file, options).close());
    assertEquals(message, refusal.getMessage());
  }

  /** A program that runs in {@link #folder}. */
  private Path script(String commands) throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "skipped: scripts need a POSIX system");
    Path script = folder.resolve("ffmpeg");
    Files.writeString(script, "#!/bin/sh\ncd '" + folder + "' && " + commands + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static long filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
