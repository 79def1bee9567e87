package dev.diarist.dataset;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.metric.Speech;
import java.util.List;

/**
 * How much is said in a data set, and by how many.
 *
 * @param recordings one row for each, in their order
 */
public record DatasetStatistics(List<Row> recordings) {

  /**
   * @param annotatedSeconds the parts that were listened to; where the data set does not say, from
   *     the first word to the last
   * @param speakers who speak at all
   * @param turns as they are annotated
   * @param speechSeconds in which somebody speaks
   * @param overlapSeconds in which at least two speakers do
   * @param turnSeconds sum of all turns
   */
  public record Row(
      String uri,
      double annotatedSeconds,
      int speakers,
      int turns,
      double speechSeconds,
      double overlapSeconds,
      double turnSeconds) {

    /** Share of the annotated time in which somebody speaks; 0 where nothing is annotated. */
    public double speechShare() {
      return share(speechSeconds, annotatedSeconds);
    }

    /** Share of speech in which at least two speak; 0 without speech. */
    public double overlapShare() {
      return share(overlapSeconds, speechSeconds);
    }

    /** Mean length of a turn; 0 without turns. */
    public double meanTurnSeconds() {
      return share(turnSeconds, turns);
    }

    private static double share(double part, double whole) {
      return whole == 0 ? 0 : part / whole;
    }
  }

  public static DatasetStatistics of(Dataset dataset) {
    return new DatasetStatistics(
        dataset.recordings().stream().map(DatasetStatistics::row).toList());
  }

  private static Row row(Recording recording) {
    Annotation annotation = recording.annotation();
    Speech speech = Speech.of(annotation);
    double annotated =
        recording
            .annotated()
            .map(Speech::seconds)
            .orElseGet(
                () ->
                    annotation.tracks().stream()
                        .map(Track::segment)
                        .reduce(Segment::hull)
                        .map(Segment::durationSeconds)
                        .orElse(0.0));
    return new Row(
        recording.uri(),
        annotated,
        annotation.labels().size(),
        annotation.tracks().size(),
        speech.speechSeconds(),
        speech.overlapSeconds(),
        annotation.tracks().stream().mapToDouble(t -> t.segment().durationSeconds()).sum());
  }

  /** The sums; a speaker of two recordings counts twice, as labels may mean somebody else there. */
  public Row total() {
    return recordings.stream()
        .reduce(
            new Row("TOTAL", 0, 0, 0, 0, 0, 0),
            (a, b) ->
                new Row(
                    a.uri,
                    a.annotatedSeconds + b.annotatedSeconds,
                    a.speakers + b.speakers,
                    a.turns + b.turns,
                    a.speechSeconds + b.speechSeconds,
                    a.overlapSeconds + b.overlapSeconds,
                    a.turnSeconds + b.turnSeconds));
  }
}
