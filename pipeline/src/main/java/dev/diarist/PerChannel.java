package dev.diarist;

import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Recordings of calls, in which each party has a channel of its own: every channel is diarized by
 * itself, and the results are one diarization.
 *
 * <p>Speakers are called by their channel, counted from 0, and their name in it: {@code
 * CH0_SPEAKER_00}. Where there are ten channels or more, all numbers have as many digits as the
 * largest, so that names sort by channel.
 *
 * <p>Differs: pyannote hears one channel at a time, and leaves the joining to its user.
 */
public final class PerChannel {
  private static final Comparator<Turn> BY_TIME =
      Comparator.comparingDouble(Turn::startSeconds)
          .thenComparingDouble(Turn::endSeconds)
          .thenComparing(Turn::speaker);

  private PerChannel() {}

  /** Diarizes one recording. */
  @FunctionalInterface
  public interface ChannelDiarizer {
    Diarization diarize(AudioSource channel) throws IOException;
  }

  /**
   * Diarizes each channel, one after the other. Bounds on the number of speakers hold for each.
   *
   * @param recording stays open
   * @throws IOException if the audio cannot be read
   */
  public static Diarization diarize(Recording recording, ChannelDiarizer diarizer)
      throws IOException {
    List<Diarization> channels = new ArrayList<>();
    for (int channel = 0; channel < recording.channels(); channel++) {
      channels.add(diarizer.diarize(recording.channel(channel)));
    }
    return merge(recording.uri(), channels);
  }

  /**
   * One diarization of those of all channels, in their order. Two channels may hold turns of the
   * same time, the exclusive ones too. Voices that were recognized in a channel are not in it: they
   * are to be looked for in what this gives.
   *
   * @param uri name of the recording
   */
  public static Diarization merge(String uri, List<Diarization> channels) {
    int digits = Integer.toString(Math.max(0, channels.size() - 1)).length();
    List<Turn> turns = new ArrayList<>();
    List<Turn> exclusive = new ArrayList<>();
    List<float[]> embeddings = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (int channel = 0; channel < channels.size(); channel++) {
      Diarization one = channels.get(channel);
      String prefix = "CH%0" + digits + "d_";
      String name = prefix.formatted(channel);
      turns.addAll(named(name, one.turns()));
      exclusive.addAll(named(name, one.exclusive()));
      embeddings.addAll(Arrays.asList(one.speakerEmbeddings()));
      for (String warning : one.warnings()) {
        warnings.add("channel " + channel + ": " + warning);
      }
    }
    turns.sort(BY_TIME);
    exclusive.sort(BY_TIME);
    return new Diarization(uri, turns, exclusive, embeddings.toArray(float[][]::new), warnings);
  }

  private static List<Turn> named(String prefix, List<Turn> turns) {
    return turns.stream()
        .map(turn -> new Turn(turn.startSeconds(), turn.endSeconds(), prefix + turn.speaker()))
        .toList();
  }
}
