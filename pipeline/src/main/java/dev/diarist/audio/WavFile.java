package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** A RIFF, RF64 or BW64 WAVE file of PCM or IEEE float samples, mixed down to mono. */
final class WavFile implements AudioSource {
  // At least one frame, whose size a header states in 16 bits.
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final WavHeader header;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * @param channel closed with this source
   */
  WavFile(Path file, FileChannel channel, WavHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  @Override
  public String uri() {
    return AudioFiles.uri(file);
  }

  @Override
  public long samples() {
    return header.frames();
  }

  @Override
  public void read(long firstSample, int count, float[] target, int offset) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    if (firstSample < 0) {
      throw new IllegalArgumentException(
          "the first sample must be at least 0, got " + firstSample + " of " + file);
    }
    int held = Math.clamp(header.frames() - firstSample, 0, count);
    int blockFrames = BUFFER_BYTES / header.frameBytes();
    for (int done = 0; done < held; done += blockFrames) {
      int frames = Math.min(blockFrames, held - done);
      fill(firstSample + done, frames);
      mixDown(firstSample + done, frames, target, offset + done);
    }
    Arrays.fill(target, offset + held, offset + count, 0f);
  }

  private void fill(long firstFrame, int frames) throws IOException {
    long start = header.dataOffsetBytes() + firstFrame * header.frameBytes();
    buffer.clear().limit(frames * header.frameBytes());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, start + buffer.position()) < 0) {
        throw AudioFiles.refusal(file, "became shorter while it was read");
      }
    }
  }

  /**
   * target[i] = (((0 + x[i,0]) + x[i,1]) + …) / channels in float32, left to right. Source: torch's
   * mean over the channels.
   *
   * @param target overwritten from {@code offset} to {@code offset + frames}
   */
  private void mixDown(long firstFrame, int frames, float[] target, int offset)
      throws AudioException {
    SampleEncoding encoding = header.encoding();
    int channels = header.channels();
    int at = 0;
    for (int i = 0; i < frames; i++) {
      float sum = 0f;
      for (int c = 0; c < channels; c++) {
        sum += encoding.decode(buffer, at);
        at += encoding.bytes();
      }
      float mean = channels == 1 ? sum : sum / channels;
      if (!Float.isFinite(mean)) {
        throw AudioFiles.refusal(
            file,
            "holds a sample that is no finite number (%s) at %.3f seconds"
                .formatted(mean, (firstFrame + i) / (double) SAMPLE_RATE));
      }
      target[offset + i] = mean;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
