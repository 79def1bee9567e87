package dev.diarist.audio;

import dev.diarist.audio.flac.FlacDecoder;
import dev.diarist.audio.flac.FlacException;
import java.io.IOException;

/** A FLAC file. */
final class FlacFile implements Pcm {
  private final String name;
  private final FlacDecoder decoder;

  /**
   * @param decoder closed with this file
   */
  FlacFile(String name, FlacDecoder decoder) {
    this.name = name;
    this.decoder = decoder;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int sampleRate() {
    return decoder.sampleRate();
  }

  @Override
  public int channels() {
    return decoder.channels();
  }

  @Override
  public long frames() {
    return decoder.samples();
  }

  @Override
  public void read(long firstFrame, int count, float[] target) throws IOException {
    try {
      decoder.read(firstFrame, count, target);
    } catch (FlacException e) {
      throw new AudioException(name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    decoder.close();
  }
}
