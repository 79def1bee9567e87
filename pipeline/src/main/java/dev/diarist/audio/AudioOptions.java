package dev.diarist.audio;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a recording is opened; immutable.
 *
 * @param channel the only one that is heard, counted from 0 as pyannote does; empty for the mean of
 *     all
 * @param ffmpeg the FFmpeg program, by path or by its name on the PATH; it decodes what is neither
 *     WAV, AIFF, AU nor FLAC
 * @param spoolFolder where sound that can only be read from front to back is kept until the
 *     recording is closed
 */
public record AudioOptions(OptionalInt channel, String ffmpeg, Path spoolFolder) {
  public static final AudioOptions DEFAULT =
      new AudioOptions(
          OptionalInt.empty(), "ffmpeg", Path.of(System.getProperty("java.io.tmpdir", ".")));

  public AudioOptions {
    Objects.requireNonNull(spoolFolder, "spoolFolder");
    if (channel.isPresent() && channel.getAsInt() < 0) {
      throw new IllegalArgumentException("channel must be at least 0, got " + channel.getAsInt());
    }
    if (ffmpeg.isBlank()) {
      throw new IllegalArgumentException("ffmpeg must name a program, got nothing");
    }
  }

  /**
   * @throws IllegalArgumentException if the channel is negative
   */
  public AudioOptions withChannel(int channel) {
    return new AudioOptions(OptionalInt.of(channel), ffmpeg, spoolFolder);
  }

  public AudioOptions withFfmpeg(String ffmpeg) {
    return new AudioOptions(channel, ffmpeg, spoolFolder);
  }

  public AudioOptions withSpoolFolder(Path spoolFolder) {
    return new AudioOptions(channel, ffmpeg, spoolFolder);
  }
}
