package dev.diarist.cli;

import dev.diarist.audio.AudioOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What the command line says about how recordings are opened. */
final class ChannelOptions {
  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Hear channel N only, counted from 0 (default: the mean of all channels).")
  private Integer channel;

  @Option(
      names = "--ffmpeg",
      paramLabel = "PROGRAM",
      description = "FFmpeg, for MP3, Ogg, M4A and others (default: ffmpeg on the PATH).")
  private String ffmpeg;

  @Option(
      names = "--spool",
      paramLabel = "DIR",
      description = "Folder for what FFmpeg decodes, while it is needed (default: the system's).")
  private Path spool;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  AudioOptions audio() {
    AudioOptions options = AudioOptions.DEFAULT;
    if (channel != null) {
      options = options.withChannel(channel);
    }
    if (ffmpeg != null) {
      options = options.withFfmpeg(ffmpeg);
    }
    return spool == null ? options : options.withSpoolFolder(spool);
  }
}
