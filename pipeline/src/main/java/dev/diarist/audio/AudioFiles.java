package dev.diarist.audio;

import dev.diarist.audio.flac.FlacDecoder;
import dev.diarist.audio.flac.FlacException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The one door through which audio files come in. */
public final class AudioFiles {
  private static final int TAG_HEADER_BYTES = 10;

  /** What folders are searched for; files of other names can be named themselves. */
  private static final Set<String> ENDINGS =
      Set.of(
          "wav", "wave", "flac", "aif", "aiff", "aifc", "au", "snd", "mp3", "ogg", "oga", "opus",
          "m4a", "mp4", "aac", "webm");

  private static final String UNKNOWN_KIND =
      "is no audio file of a known kind: it does not begin as WAV, AIFF, AU, FLAC, MP3, Ogg or M4A"
          + " files do";

  private AudioFiles() {}

  /** Name of the recording in {@code file}: its stem, as Python's {@code Path.stem}. */
  public static String uri(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 && dot < name.length() - 1 ? name.substring(0, dot) : name;
  }

  /** Whether a file is called as audio is; what is in it plays no part. */
  public static boolean isNamedAsAudio(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1));
  }

  /**
   * Opens a recording, mixed down to mono; what the file is, its first bytes decide, not its name.
   *
   * @return a source that holds the file open until it is closed
   * @throws AudioException if there is no such file, or it is no audio that can be read here; names
   *     the file and the reason
   */
  public static AudioSource open(Path file) throws IOException {
    return open(file, AudioOptions.DEFAULT);
  }

  /**
   * Opens a recording: the channel that the options name, or the mean of all.
   *
   * @return a source that holds the file open until it is closed
   * @throws AudioException as {@link #open(Path)}, or if there is no such channel
   */
  public static AudioSource open(Path file, AudioOptions options) throws IOException {
    return view(recording(file, options), options);
  }

  /**
   * Opens a recording with all its channels.
   *
   * @param options whose channel plays no part
   * @throws AudioException as {@link #open(Path)}
   */
  public static Recording recording(Path file, AudioOptions options) throws IOException {
    return new Recording(uri(file), pcm(file, options));
  }

  /** What the options ask to hear of a recording, which is closed with it. */
  static AudioSource view(Recording recording, AudioOptions options) throws IOException {
    try {
      return recording.view(options);
    } catch (AudioException e) {
      recording.close();
      throw e;
    }
  }

  private static Pcm pcm(Path file, AudioOptions options) throws IOException {
    String name = file.toString();
    if (!Files.exists(file)) {
      throw refusal(name, "no such file");
    }
    if (Files.isDirectory(file)) {
      throw refusal(name, "is a folder, not an audio file");
    }
    if (!Files.isRegularFile(file)) {
      throw refusal(name, "is not a regular file; audio is read at any position, which needs one");
    }
    try {
      return decoder(name, file, FileChannel.open(file, StandardOpenOption.READ), options);
    } catch (AccessDeniedException e) {
      throw new AudioException(file + ": may not be read (permission denied)", e);
    }
  }

  /**
   * What decodes a file.
   *
   * @param name what errors call it
   * @param channel closed with the decoder, and where there is none
   */
  static Pcm decoder(String name, Path file, FileChannel channel, AudioOptions options)
      throws IOException {
    try {
      if (channel.size() == 0) {
        throw refusal(name, "is empty (0 bytes)");
      }
      byte[] start = start(channel, 0);
      long tag = tagBytes(start);
      AudioKind kind =
          AudioKind.of(tag == 0 ? start : start(channel, tag))
              .or(() -> tag == 0 ? Optional.empty() : Optional.of(AudioKind.MP3))
              .orElseThrow(() -> refusal(name, UNKNOWN_KIND));
      return switch (kind) {
        case WAV -> new PcmFile(name, channel, WavHeader.read(name, channel));
        case AIFF -> new PcmFile(name, channel, AiffHeader.read(name, channel));
        case AU -> new PcmFile(name, channel, AuHeader.read(name, channel));
        case FLAC -> flac(name, channel, tag);
        case OTHER_RIFF -> throw refusal(name, "is a RIFF file but not a WAVE one");
        default -> {
          Pcm decoded = ForeignAudio.decode(name, file, kind, options);
          channel.close();
          yield decoded;
        }
      };
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Pcm flac(String name, FileChannel channel, long start) throws IOException {
    try {
      return new FlacFile(name, FlacDecoder.open(channel, start));
    } catch (FlacException e) {
      throw new AudioException(name + ": " + e.getMessage(), e);
    }
  }

  private static byte[] start(FileChannel channel, long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(AudioKind.SIGNATURE_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
      // Reads on until the signature is complete or the file ends.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Bytes of an ID3v2 tag, which may stand before MP3 and FLAC; its size has 7 bits in a byte. */
  private static long tagBytes(byte[] start) {
    if (start.length < TAG_HEADER_BYTES || start[0] != 'I' || start[1] != 'D' || start[2] != '3') {
      return 0;
    }
    long size = 0;
    for (int i = 6; i < TAG_HEADER_BYTES; i++) {
      size = size << 7 | start[i] & 0x7F;
    }
    return TAG_HEADER_BYTES + size;
  }

  static AudioException refusal(String name, String reason) {
    return new AudioException(name + ": " + reason);
  }

  /**
   * The sample rate that a header states.
   *
   * @throws AudioException if it cannot be resampled
   */
  static int sampleRate(String name, double found) throws AudioException {
    if (!(found >= Resampler.MIN_RATE && found <= Resampler.MAX_RATE)) {
      throw new AudioException(
          "%s: has a sample rate of %.0f Hz, not from %d to %d Hz"
              .formatted(name, found, Resampler.MIN_RATE, Resampler.MAX_RATE));
    }
    return (int) found;
  }

  /**
   * {@code count} bytes of a header, from {@code at}, big-endian.
   *
   * @param count of a constant size, not one that a file states
   * @throws AudioException if the file ends before them
   */
  static ByteBuffer bytes(String name, FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw refusal(
            name, "is truncated: it ends after " + channel.size() + " bytes, inside its header");
      }
    }
    return bytes.flip();
  }
}
