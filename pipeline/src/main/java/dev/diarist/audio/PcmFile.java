package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of samples that are not compressed: WAV, AIFF, AU. */
final class PcmFile implements Pcm {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final FileChannel channel;
  private final PcmLayout layout;
  private final ByteBuffer buffer;

  /**
   * @param channel closed with this file
   */
  PcmFile(String name, FileChannel channel, PcmLayout layout) {
    this.name = name;
    this.channel = channel;
    this.layout = layout;
    // Up to 2^16 channels of 8 bytes make a frame.
    int bytes = Math.max(BUFFER_BYTES, layout.frameBytes());
    buffer = ByteBuffer.allocate(bytes).order(layout.order());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int sampleRate() {
    return layout.sampleRate();
  }

  @Override
  public int channels() {
    return layout.channels();
  }

  @Override
  public long frames() {
    return layout.frames();
  }

  @Override
  public void read(long firstFrame, int count, float[] target) throws IOException {
    SampleEncoding encoding = layout.encoding();
    int blockFrames = buffer.capacity() / layout.frameBytes();
    int filled = 0;
    for (int done = 0; done < count; done += blockFrames) {
      int frames = Math.min(blockFrames, count - done);
      fill(firstFrame + done, frames);
      int samples = frames * layout.channels();
      for (int i = 0; i < samples; i++) {
        target[filled++] = encoding.decode(buffer, i * encoding.bytes());
      }
    }
  }

  private void fill(long firstFrame, int frames) throws IOException {
    long start = layout.dataOffsetBytes() + firstFrame * layout.frameBytes();
    buffer.clear().limit(frames * layout.frameBytes());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, start + buffer.position()) < 0) {
        throw AudioFiles.refusal(name, "became shorter while it was read");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
