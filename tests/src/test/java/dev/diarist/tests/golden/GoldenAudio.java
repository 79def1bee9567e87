package dev.diarist.tests.golden;

import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Excerpts of golden audio, by the words of a manifest: {@code x.wav, samples 0..160000}. */
final class GoldenAudio {
  private static final Pattern EXCERPT = Pattern.compile("([^,]+), samples (\\d+)\\.\\.(\\d+).*");

  private GoldenAudio() {}

  static float[] excerpt(String words) throws IOException {
    Matcher matcher = EXCERPT.matcher(words);
    if (!matcher.matches()) {
      throw new IOException("a manifest must name file and samples, found: " + words);
    }
    long first = Long.parseLong(matcher.group(2));
    int count = (int) (Long.parseLong(matcher.group(3)) - first);
    return excerpt(matcher.group(1), first, count);
  }

  static float[] excerpt(String file, long firstSample, int count) throws IOException {
    float[] samples = new float[count];
    try (AudioSource audio = AudioFiles.open(GoldenCases.golden().resolve(file))) {
      audio.read(firstSample, count, samples, 0);
    }
    return samples;
  }
}
