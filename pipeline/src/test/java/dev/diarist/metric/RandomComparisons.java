package dev.diarist.metric;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** References and hypotheses by chance, from a seed. */
final class RandomComparisons {
  private final Random random;

  RandomComparisons(long seed) {
    random = new Random(seed);
  }

  Comparison next(String uri) {
    return new Comparison(
        uri, annotation("s", 4), annotation("h", 5), Optional.of(List.of(new Segment(0, 50))));
  }

  Annotation annotation(String prefix, int speakers) {
    List<Track> tracks = new ArrayList<>();
    int turns = random.nextInt(30);
    for (int i = 0; i < turns; i++) {
      double start = 60 * random.nextDouble();
      tracks.add(
          new Track(
              new Segment(start, start + 5 * random.nextDouble()),
              Integer.toString(i),
              prefix + random.nextInt(speakers)));
    }
    return Annotation.of(tracks);
  }

  Scoring scoring() {
    return new Scoring(
        Convention.values()[random.nextInt(3)],
        random.nextBoolean() ? 0 : random.nextDouble(),
        random.nextBoolean());
  }
}
