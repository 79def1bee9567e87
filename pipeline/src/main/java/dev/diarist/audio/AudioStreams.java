package dev.diarist.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Audio that comes as a stream: the bytes of a file, or what {@code javax.sound.sampled} decodes.
 * It is kept in a temporary file until it is closed.
 */
public final class AudioStreams {
  private AudioStreams() {}

  /**
   * Opens what a stream holds: the channel that the options name, or the mean of all.
   *
   * @param uri name of the recording, which errors use
   * @param in the bytes of an audio file, or an {@link AudioInputStream}; read to its end, stays
   *     open
   * @throws AudioException if it is no audio that can be read here; names {@code uri} and reason
   */
  public static AudioSource open(String uri, InputStream in, AudioOptions options)
      throws IOException {
    return AudioFiles.view(recording(uri, in, options), options);
  }

  /**
   * Opens what a stream holds, with all its channels.
   *
   * @param uri name of the recording, which errors use
   * @param in the bytes of an audio file, or an {@link AudioInputStream}; read to its end, stays
   *     open
   * @param options whose channel plays no part
   * @throws AudioException as {@link #open}
   */
  public static Recording recording(String uri, InputStream in, AudioOptions options)
      throws IOException {
    if (in instanceof AudioInputStream decoded) {
      return new Recording(uri, pcm(uri, decoded, options));
    }
    Spool spool = Spool.named(uri, in, options.spoolFolder());
    try {
      return new Recording(uri, AudioFiles.decoder(uri, spool.file(), spool.channel(), options));
    } finally {
      Files.delete(spool.file()); // an open channel goes on reading it
    }
  }

  /**
   * What Java Sound decodes, kept in a temporary file.
   *
   * @param name what errors call it
   * @throws AudioException if no provider turns its encoding into samples
   */
  static Pcm pcm(String name, AudioInputStream in, AudioOptions options) throws IOException {
    AudioInputStream samples = encoding(in.getFormat()) == null ? converted(name, in) : in;
    AudioFormat format = samples.getFormat();
    SampleEncoding encoding = encoding(format);
    if (encoding == null || format.getChannels() < 1) {
      throw new AudioException(name + ": comes as samples of an unknown form: " + format);
    }
    int sampleRate = AudioFiles.sampleRate(name, format.getSampleRate());
    int frameBytes = format.getChannels() * encoding.bytes();
    Spool spool = Spool.of(name, samples, options.spoolFolder(), frameBytes);
    ByteOrder order = format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long frames = spool.channel().size() / frameBytes;
    return new PcmFile(
        name,
        spool.channel(),
        new PcmLayout(encoding, order, format.getChannels(), sampleRate, 0, frames));
  }

  /** The same as samples of 16 bits. */
  private static AudioInputStream converted(String name, AudioInputStream in)
      throws AudioException {
    AudioFormat from = in.getFormat();
    int channels = from.getChannels();
    AudioFormat to =
        new AudioFormat(
            Encoding.PCM_SIGNED,
            from.getSampleRate(),
            Short.SIZE,
            channels,
            channels * Short.BYTES,
            from.getSampleRate(),
            false);
    try {
      return AudioSystem.getAudioInputStream(to, in);
    } catch (IllegalArgumentException e) {
      throw new AudioException(
          "%s: no javax.sound.sampled provider turns its encoding, %s, into samples"
              .formatted(name, from.getEncoding()),
          e);
    }
  }

  /** Null where the format is none of ours. */
  private static SampleEncoding encoding(AudioFormat format) {
    int bits = format.getSampleSizeInBits();
    Encoding encoding = format.getEncoding();
    SampleEncoding found = null;
    if (encoding.equals(Encoding.PCM_SIGNED)) {
      found =
          switch (bits) {
            case 8 -> SampleEncoding.SIGNED_8;
            case 16 -> SampleEncoding.SIGNED_16;
            case 24 -> SampleEncoding.SIGNED_24;
            case 32 -> SampleEncoding.SIGNED_32;
            default -> null;
          };
    } else if (encoding.equals(Encoding.PCM_FLOAT)) {
      found = bits == 32 ? SampleEncoding.FLOAT_32 : bits == 64 ? SampleEncoding.FLOAT_64 : null;
    } else if (bits == 8) {
      found =
          encoding.equals(Encoding.PCM_UNSIGNED)
              ? SampleEncoding.UNSIGNED_8
              : encoding.equals(Encoding.ULAW)
                  ? SampleEncoding.MU_LAW
                  : encoding.equals(Encoding.ALAW) ? SampleEncoding.A_LAW : null;
    }
    boolean packed = found != null && format.getFrameSize() == format.getChannels() * found.bytes();
    return packed ? found : null;
  }
}
