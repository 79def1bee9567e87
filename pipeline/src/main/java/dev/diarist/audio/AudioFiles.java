package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The one door through which audio files come in. */
public final class AudioFiles {
  private static final int SIGNATURE_BYTES = 12;

  private AudioFiles() {}

  /** Name of the recording in {@code file}: its stem, as Python's {@code Path.stem}. */
  public static String uri(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 && dot < name.length() - 1 ? name.substring(0, dot) : name;
  }

  /**
   * Opens a recording; what the file is, its first bytes decide, not its name.
   *
   * @return a source that holds the file open until it is closed
   * @throws AudioException if there is no such file, or it is no audio that can be read here; names
   *     the file and the reason
   */
  public static AudioSource open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw refusal(file, "no such file");
    }
    if (Files.isDirectory(file)) {
      throw refusal(file, "is a folder, not an audio file");
    }
    if (!Files.isRegularFile(file)) {
      throw refusal(file, "is not a regular file; audio is read at any position, which needs one");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (AccessDeniedException e) {
      throw new AudioException(file + ": may not be read (permission denied)", e);
    }
    try {
      requireWav(file, channel);
      return new WavFile(file, channel, WavHeader.read(file, channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void requireWav(Path file, FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      throw refusal(file, "is empty (0 bytes)");
    }
    ByteBuffer bytes = ByteBuffer.allocate(SIGNATURE_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
      // Reads on until the signature is complete or the file ends.
    }
    String signature = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    String kind = signature.substring(0, Math.min(4, signature.length()));
    switch (kind) {
      case "RIFF", "RF64", "BW64" -> {
        if (signature.length() < SIGNATURE_BYTES) {
          throw refusal(file, "is truncated: it ends after " + signature.length() + " bytes");
        }
        if (!signature.endsWith("WAVE")) {
          throw refusal(file, "is a " + kind + " file but not a WAVE one");
        }
      }
      case "RIFX" -> throw refusal(file, "is a big-endian (RIFX) WAV; only little-endian is read");
      case "fLaC" -> throw refusal(file, "is a FLAC file; only WAV is read so far");
      case "OggS" -> throw refusal(file, "is an Ogg file; only WAV is read so far");
      case "FORM" -> throw refusal(file, "is an AIFF file; only WAV is read so far");
      default ->
          throw refusal(
              file,
              signature.startsWith("ID3")
                  ? "is an MP3 file; only WAV is read so far"
                  : "is not a WAV file: it does not begin with RIFF, RF64 or BW64");
    }
  }

  static AudioException refusal(Path file, String reason) {
    return new AudioException(file + ": " + reason);
  }
}
