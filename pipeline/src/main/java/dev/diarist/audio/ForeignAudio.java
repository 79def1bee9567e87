package dev.diarist.audio;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Formats that Diarist does not decode itself: a {@code javax.sound.sampled} provider on the class
 * path decodes them, or else FFmpeg does where it is installed.
 */
final class ForeignAudio {
  private static final Logger LOGGER = System.getLogger(ForeignAudio.class.getName());
  private static final int MESSAGE_CHARACTERS = 300;

  /** FFmpeg's names of the formats that files may be of. */
  private static final String FORMATS = "aac,amr,ape,asf,caf,matroska,mov,mp3,ogg,wv";

  private ForeignAudio() {}

  /**
   * Decodes a whole file into a temporary one.
   *
   * @param name what errors call it
   * @throws AudioException if nothing that is installed decodes it; says what to add
   */
  static Pcm decode(String name, Path file, AudioKind kind, AudioOptions options)
      throws IOException {
    Optional<Pcm> decoded = withProvider(name, file, options);
    return decoded.isPresent() ? decoded.get() : withFfmpeg(name, file, kind, options);
  }

  private static Optional<Pcm> withProvider(String name, Path file, AudioOptions options)
      throws IOException {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        AudioInputStream in = AudioSystem.getAudioInputStream(bytes)) {
      return Optional.of(AudioStreams.pcm(name, in, options));
    } catch (UnsupportedAudioFileException e) {
      return Optional.empty();
    } catch (AudioException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new AudioException(
          name + ": a javax.sound.sampled provider failed to decode it: " + e, e);
    }
  }

  private static Pcm withFfmpeg(String name, Path file, AudioKind kind, AudioOptions options)
      throws IOException {
    Path messages = Spool.file(name, options.spoolFolder());
    try {
      Process ffmpeg = start(name, file, kind, options, messages);
      Spool spool = output(name, ffmpeg, options);
      String said = oneLine(Files.readAllBytes(messages));
      if (ffmpeg.exitValue() != 0) {
        spool.channel().close();
        throw new AudioException(
            "%s: FFmpeg (%s) failed to decode it with exit code %d: %s"
                .formatted(name, options.ffmpeg(), ffmpeg.exitValue(), said));
      }
      if (!said.isEmpty()) {
        LOGGER.log(Level.WARNING, "{0}: FFmpeg decoded what it could: {1}", name, said);
      }
      return wav(name, spool, options);
    } finally {
      Files.delete(messages);
    }
  }

  /**
   * All that FFmpeg writes until it ends. A thread of its own reads it, because reading cannot be
   * interrupted.
   */
  private static Spool output(String name, Process ffmpeg, AudioOptions options)
      throws IOException {
    FutureTask<Spool> reading =
        new FutureTask<>(
            () -> {
              try (InputStream out = ffmpeg.getInputStream()) {
                return Spool.of(name, out, options.spoolFolder(), 1);
              }
            });
    Thread.ofPlatform().daemon().name("FFmpeg output").start(reading);
    try {
      Spool spool = reading.get();
      ffmpeg.waitFor();
      return spool;
    } catch (ExecutionException e) {
      ffmpeg.destroyForcibly();
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(name + ": what FFmpeg writes cannot be read", e.getCause());
    } catch (InterruptedException e) {
      ffmpeg.destroyForcibly();
      discard(reading);
      Thread.currentThread().interrupt();
      throw new AudioException(name + ": decoding was interrupted", e);
    }
  }

  /** Closes what was read of a program that no longer runs. */
  private static void discard(Future<Spool> reading) throws IOException {
    try {
      reading.get().channel().close();
    } catch (ExecutionException | InterruptedException e) {
      // It failed and closed itself, or is left to the garbage collector.
    }
  }

  private static Pcm wav(String name, Spool spool, AudioOptions options) throws IOException {
    try {
      return new PcmFile(name, spool.channel(), WavHeader.read(name, spool.channel()));
    } catch (AudioException e) {
      spool.channel().close();
      throw new AudioException(
          "%s: what FFmpeg (%s) decoded cannot be read: %s"
              .formatted(name, options.ffmpeg(), e.getMessage()),
          e);
    }
  }

  /**
   * Starts FFmpeg, which may read local files only and writes the first stream of sound to its
   * output. There is no shell, and "file:" keeps a name from being taken for an option or address.
   * Of its formats it may use those of {@link AudioKind} only: a playlist behind an ID3 tag would
   * make it decode other files than this.
   */
  private static Process start(
      String name, Path file, AudioKind kind, AudioOptions options, Path messages)
      throws AudioException {
    List<String> command =
        List.of(
            options.ffmpeg(),
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-protocol_whitelist",
            "file,pipe",
            "-format_whitelist",
            FORMATS,
            "-i",
            "file:" + file.toAbsolutePath(),
            "-map",
            "0:a:0",
            "-c:a",
            "pcm_f32le",
            "-f",
            "wav",
            "pipe:1");
    try {
      return new ProcessBuilder(command).redirectError(messages.toFile()).start();
    } catch (IOException e) {
      throw new AudioException(
          ("%s: is %s audio, which needs FFmpeg (not found as '%s') or a javax.sound.sampled"
                  + " provider for it on the class path; install one of them")
              .formatted(name, kind.words(), options.ffmpeg()),
          e);
    }
  }

  private static String oneLine(byte[] messages) {
    String text = new String(messages, StandardCharsets.UTF_8).strip();
    String line = text.replaceAll("\\s+", " ");
    return line.substring(0, Math.min(MESSAGE_CHARACTERS, line.length()));
  }
}
