package dev.diarist.simulation;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How people take turns, measured on recordings of two speakers or more.
 *
 * <p>Turns of one speaker that touch are one. A turn that begins and ends while somebody else has
 * the floor is a backchannel; every other turn takes the floor from the one before it, after a
 * pause or, while that still goes on, with an overlap.
 *
 * <p>Source: Landini et al. 2022, From simulated mixtures to simulated conversations: pauses
 * between turns of the same speaker and of different ones, overlaps and their share. Differs: turn
 * lengths are drawn too, as recordings of read speech have none; backchannels stand apart, because
 * an overlap from the end of a turn does not produce them; whose turn it is is not shuffled.
 *
 * @param recordings that were measured, or more, where statistics are merged by hand
 * @param speakers how many recordings have how many speakers, those of one speaker too
 * @param turnSeconds of turns that take the floor
 * @param samePauseSeconds before a turn of the one who spoke last
 * @param otherPauseSeconds before a turn of somebody else, where nobody speaks in between
 * @param overlapSeconds for which somebody else takes the floor early
 * @param backchannelSeconds of backchannels
 * @param sameShare of turns whose speaker had the floor before
 * @param overlapShare of the other turns, those that begin early
 * @param returnShare of the turns of somebody else, where the one before last is meant; measured
 *     where three or more speak
 * @param backchannelsPerSecond of somebody having the floor
 */
public record TurnStatistics(
    int recordings,
    SortedMap<Integer, Integer> speakers,
    Distribution turnSeconds,
    Distribution samePauseSeconds,
    Distribution otherPauseSeconds,
    Distribution overlapSeconds,
    Distribution backchannelSeconds,
    double sameShare,
    double overlapShare,
    double returnShare,
    double backchannelsPerSecond) {

  /**
   * @throws IllegalArgumentException if a share is not from 0 to 1, turns have no length or the
   *     floor never changes
   */
  public TurnStatistics {
    speakers = new TreeMap<>(speakers);
    requireShare("same_share", sameShare);
    requireShare("overlap_share", overlapShare);
    requireShare("return_share", returnShare);
    if (!(backchannelsPerSecond >= 0 && backchannelsPerSecond <= 10)) {
      throw new IllegalArgumentException(
          "backchannels_per_second must be from 0 to 10, got " + backchannelsPerSecond);
    }
    if (!(turnSeconds.meanSeconds() > 0) || sameShare == 1) {
      throw new IllegalArgumentException(
          "turns must have a length, and others must take the floor, got a mean of %s s and a"
                  .formatted(turnSeconds.meanSeconds())
              + " same_share of "
              + sameShare);
    }
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1, got " + share);
    }
  }

  /**
   * The statistics of some recordings.
   *
   * @throws IllegalArgumentException if in none of them the floor passes to somebody else
   */
  public static TurnStatistics of(List<Annotation> annotations) {
    Measured measured = new Measured();
    annotations.forEach(measured::add);
    return measured.statistics();
  }

  /** What is found, recording by recording. */
  private static final class Measured {
    private final SortedMap<Integer, Integer> speakers = new TreeMap<>();
    private final List<Double> turns = new ArrayList<>();
    private final List<Double> samePauses = new ArrayList<>();
    private final List<Double> otherPauses = new ArrayList<>();
    private final List<Double> overlaps = new ArrayList<>();
    private final List<Double> backchannels = new ArrayList<>();
    private int recordings;
    private int returns;
    private int passes; // of the floor to one of two or more others, once somebody had it before

    void add(Annotation annotation) {
      int count = annotation.labels().size();
      recordings++;
      if (count > 0) {
        speakers.merge(count, 1, Integer::sum);
      }
      if (count < 2) {
        return;
      }
      Track floor = null;
      String before = null; // who had the floor before this speaker
      for (Track turn : inOrder(annotation)) {
        if (floor != null && isWithin(turn.segment(), floor.segment())) {
          backchannels.add(turn.segment().durationSeconds());
          continue;
        }
        if (floor != null) {
          transition(floor, turn);
          if (!turn.label().equals(floor.label())) {
            if (before != null && count > 2) {
              passes++;
              returns += turn.label().equals(before) ? 1 : 0;
            }
            before = floor.label();
          }
        }
        turns.add(turn.segment().durationSeconds());
        floor = turn;
      }
    }

    private void transition(Track floor, Track turn) {
      double gap = turn.segment().startSeconds() - floor.segment().endSeconds();
      if (turn.label().equals(floor.label())) {
        samePauses.add(Math.max(0, gap));
      } else if (gap < 0) {
        overlaps.add(-gap);
      } else {
        otherPauses.add(gap);
      }
    }

    private static boolean isWithin(Segment turn, Segment floor) {
      return turn.endSeconds() <= floor.endSeconds();
    }

    private static List<Track> inOrder(Annotation annotation) {
      return Annotation.of(annotation.support(0).tracks()).tracks();
    }

    TurnStatistics statistics() {
      int others = otherPauses.size() + overlaps.size();
      if (others == 0) {
        throw new IllegalArgumentException(
            "turn-taking is measured where one speaker follows another, which happens in none of "
                + recordings
                + " recordings");
      }
      double floorSeconds = turns.stream().mapToDouble(Double::doubleValue).sum();
      return new TurnStatistics(
          recordings,
          speakers,
          Distribution.of(turns),
          Distribution.of(samePauses),
          Distribution.of(otherPauses),
          Distribution.of(overlaps),
          Distribution.of(backchannels),
          (double) samePauses.size() / (samePauses.size() + others),
          (double) overlaps.size() / others,
          passes == 0 ? 0 : (double) returns / passes,
          backchannels.size() / floorSeconds);
    }
  }
}
