package dev.diarist;

import dev.diarist.audio.AudioSource;

/** A recording whose sample i is i + 1, exact up to 2²⁴. */
public record CountingAudio(long samples) implements AudioSource {

  @Override
  public String uri() {
    return "counting";
  }

  @Override
  public void read(long firstSample, int count, float[] target, int offset) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = firstSample + i < samples ? firstSample + i + 1 : 0;
    }
  }

  @Override
  public void close() {}
}
