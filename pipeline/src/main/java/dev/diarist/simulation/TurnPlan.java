package dev.diarist.simulation;

import dev.diarist.audio.AudioSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Who speaks when in a conversation that is made up, drawn from {@link TurnStatistics}.
 *
 * <p>Turns take the floor one after the other; then backchannels come by chance while somebody has
 * it. Nobody interrupts himself. Everybody speaks where there is time for it: who has not spoken
 * yet comes before others, and at once when time grows short.
 */
final class TurnPlan {
  /** Times are whole milliseconds, which RTTM can write. */
  static final int STEP_SAMPLES = AudioSource.SAMPLE_RATE / 1000;

  /** Shorter turns are errors of annotation, and none could be heard. */
  static final int MIN_TURN_SAMPLES = AudioSource.SAMPLE_RATE / 10;

  private final TurnStatistics statistics;

  /** (speakers) the longest turn of each, as far as there is speech. */
  private final int[] longest;

  private final int samples;
  private final RandomGenerator random;
  private final List<PlannedTurn> turns = new ArrayList<>();
  private final BitSet heard = new BitSet();
  private PlannedTurn floor;
  private int before = -1; // who had the floor before its speaker; -1 for nobody

  private TurnPlan(TurnStatistics statistics, int[] longest, int samples, RandomGenerator random) {
    this.statistics = statistics;
    this.longest = longest;
    this.samples = samples;
    this.random = random;
  }

  /**
   * Turns of a conversation, those that take the floor first.
   *
   * @param longest (speakers) samples of the longest turn of each, at least 0.1 s; not modified
   * @param samples of the conversation; a turn that goes on at its end is cut
   */
  static List<PlannedTurn> of(
      TurnStatistics statistics, int[] longest, int samples, RandomGenerator random) {
    TurnPlan plan = new TurnPlan(statistics, longest, samples, random);
    while (plan.takeFloor()) {
      // One turn after the other, until the time is over.
    }
    plan.addBackchannels();
    return plan.turns;
  }

  private boolean takeFloor() {
    boolean same = random.nextDouble() < statistics.sameShare() && !isShortOfTime();
    int speaker = floor == null ? 0 : same || longest.length == 1 ? floor.speaker() : other();
    int length = draw(statistics.turnSeconds(), Math.min(longest[speaker], fairShare()));
    int first;
    if (floor == null) {
      first = draw(statistics.otherPauseSeconds());
    } else if (speaker == floor.speaker()) {
      // At least a step, or two turns would be one.
      first = floor.endSample() + Math.max(STEP_SAMPLES, draw(statistics.samePauseSeconds()));
    } else if (random.nextDouble() < statistics.overlapShare()) {
      // Less than either turn, or one of them would be a backchannel.
      int limit = Math.min(length, floor.samples()) - STEP_SAMPLES;
      first = floor.endSample() - draw(statistics.overlapSeconds(), limit, STEP_SAMPLES);
      first = Math.max(first, endOfLast(speaker));
    } else {
      first = floor.endSample() + draw(statistics.otherPauseSeconds());
    }
    if (first + MIN_TURN_SAMPLES > samples) {
      return false;
    }
    if (floor != null && speaker != floor.speaker()) {
      before = floor.speaker();
    }
    floor = new PlannedTurn(speaker, first, Math.min(length, samples - first));
    turns.add(floor);
    heard.set(speaker);
    return floor.endSample() < samples;
  }

  /** Where the last turn of a speaker ended, and a step: in A, B, A both of A may overlap B. */
  private int endOfLast(int speaker) {
    for (PlannedTurn turn : turns.reversed()) {
      if (turn.speaker() == speaker) {
        return turn.endSample() + STEP_SAMPLES;
      }
    }
    return 0;
  }

  private boolean isShortOfTime() {
    int silent = longest.length - heard.cardinality();
    double needed = 2 * silent * statistics.turnSeconds().meanSeconds() * AudioSource.SAMPLE_RATE;
    return silent > 0 && floor != null && samples - floor.endSample() < needed;
  }

  /** How long a turn may be so that everybody can still speak, when time grows short. */
  private int fairShare() {
    int silent = longest.length - heard.cardinality();
    return isShortOfTime()
        ? Math.max(MIN_TURN_SAMPLES, (samples - floor.endSample()) / (silent + 1))
        : samples;
  }

  /** Somebody who does not have the floor. */
  private int other() {
    int unheard = heard.nextClearBit(0);
    boolean isUnheard = unheard < longest.length;
    boolean returns = before >= 0 && random.nextDouble() < statistics.returnShare();
    if (isUnheard && (!returns || isShortOfTime())) {
      return unheard;
    }
    boolean aloneToReturn = before >= 0 && longest.length == 2;
    if (returns || aloneToReturn) {
      return before;
    }
    int left = longest.length - (before >= 0 ? 2 : 1);
    int choice = random.nextInt(left);
    for (int speaker = 0; ; speaker++) {
      if (speaker != floor.speaker() && speaker != before && choice-- == 0) {
        return speaker;
      }
    }
  }

  /** A Poisson process while somebody has the floor. */
  private void addBackchannels() {
    double rate = statistics.backchannelsPerSecond() / AudioSource.SAMPLE_RATE;
    if (rate == 0 || longest.length < 2) {
      return;
    }
    for (PlannedTurn host : List.copyOf(turns)) {
      double at = host.firstSample() - StrictMath.log(1 - random.nextDouble()) / rate;
      while (at < host.endSample()) {
        addBackchannel(host, (int) (Math.ceil(at / STEP_SAMPLES) * STEP_SAMPLES));
        at -= StrictMath.log(1 - random.nextDouble()) / rate;
      }
    }
  }

  private void addBackchannel(PlannedTurn host, int first) {
    int speaker = random.nextInt(longest.length - 1);
    speaker += speaker >= host.speaker() ? 1 : 0;
    int limit = Math.min(longest[speaker], host.endSample() - first);
    if (limit < MIN_TURN_SAMPLES) {
      return;
    }
    int length = draw(statistics.backchannelSeconds(), limit);
    PlannedTurn turn = new PlannedTurn(speaker, first, length);
    PlannedTurn around = // so that it does not touch another turn of its speaker either
        new PlannedTurn(speaker, first - STEP_SAMPLES, length + 2 * STEP_SAMPLES);
    boolean isFree =
        turns.stream().noneMatch(t -> t.speaker() == around.speaker() && t.overlaps(around));
    if (isFree) {
      turns.add(turn);
      heard.set(speaker);
    }
  }

  private int draw(Distribution seconds, int limit) {
    return draw(seconds, limit, MIN_TURN_SAMPLES);
  }

  private int draw(Distribution seconds) {
    return draw(seconds, samples, 0);
  }

  /** Samples in whole steps, from the least to the limit. */
  private int draw(Distribution seconds, int limit, int least) {
    double drawn = seconds.draw((double) limit / AudioSource.SAMPLE_RATE, random);
    long steps = Math.round(drawn * AudioSource.SAMPLE_RATE / STEP_SAMPLES);
    return (int) Math.max(least, Math.min(steps, limit / STEP_SAMPLES) * STEP_SAMPLES);
  }
}
