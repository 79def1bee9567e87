package dev.diarist.simulation;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Conversations of a corpus of single speakers, who take turns as statistics say.
 *
 * <p>Each speaker has a level, a speed and a place in the room of his own; noise lies under the
 * whole. Each conversation follows from seed and number alone, and of what is random (turns,
 * voices, places, noise) each part has its own source: without noise, or in other rooms, the same
 * people say the same things at the same time.
 */
public final class ConversationSimulator {
  /** Levels of speakers; each between the two is as likely, and each turn is a little different. */
  private static final double MIN_DECIBELS = -33;

  private static final double MAX_DECIBELS = -21;
  private static final double TURN_DECIBELS = 2;

  /** Speeds of speakers; each between the two is as likely. */
  private static final double MIN_SPEED = 0.95;

  private static final double MAX_SPEED = 1.05;

  /** What is louder is made quieter as a whole. */
  private static final float PEAK = 0.99f;

  private static final long CONVERSATION = 0x9e3779b97f4a7c15L; // odd: all conversations differ

  private final SpeechCorpus corpus;
  private final TurnStatistics statistics;
  private final List<List<Path>> rooms;
  private final Optional<SoundFiles> noises;
  private final SimulationOptions options;

  /**
   * @param rooms impulse responses, those of one folder being places in one room; empty for none
   * @param noises empty for none
   * @throws SimulationException if the corpus has too few speakers
   */
  public ConversationSimulator(
      SpeechCorpus corpus,
      TurnStatistics statistics,
      Optional<SoundFiles> rooms,
      Optional<SoundFiles> noises,
      SimulationOptions options)
      throws SimulationException {
    this.corpus = corpus;
    this.statistics = statistics;
    this.rooms = rooms.map(ConversationSimulator::byFolder).orElse(List.of());
    this.noises = noises;
    this.options = options;
    if (corpus.recordings().size() < options.maxSpeakers()) {
      throw new SimulationException(
          "conversations of up to %d speakers need as many, the corpus has %d"
              .formatted(options.maxSpeakers(), corpus.recordings().size()));
    }
  }

  private static List<List<Path>> byFolder(SoundFiles responses) {
    Map<Path, List<Path>> folders = new TreeMap<>();
    for (Path file : responses.files()) {
      folders
          .computeIfAbsent(file.toAbsolutePath().getParent(), absent -> new ArrayList<>())
          .add(file);
    }
    return List.copyOf(folders.values());
  }

  /**
   * The conversation of a number.
   *
   * @param index at least 0
   * @throws IOException if a recording, an impulse response or a noise cannot be used
   */
  public Conversation conversation(int index) throws IOException {
    SplittableRandom random = new SplittableRandom(options.seed() + (index + 1L) * CONVERSATION);
    SplittableRandom casting = random.split();
    SplittableRandom turns = random.split();
    SplittableRandom speaking = random.split();
    SplittableRandom places = random.split();
    SplittableRandom noise = random.split();

    List<String> speakers = cast(casting);
    Voice[] voices = new Voice[speakers.size()];
    for (int s = 0; s < voices.length; s++) {
      double speed = casting.nextDouble(MIN_SPEED, MAX_SPEED);
      double decibels = casting.nextDouble(MIN_DECIBELS, MAX_DECIBELS);
      List<Path> files = corpus.recordings().get(speakers.get(s));
      voices[s] = Voice.of(files, speed, decibels, casting);
    }
    int[] longest = Arrays.stream(voices).mapToInt(Voice::longestTurnSamples).toArray();
    List<PlannedTurn> plan = TurnPlan.of(statistics, longest, options.samples(), turns);
    float[] spoken = spoken(plan, voices, places(voices.length, places), speaking);
    return new Conversation(
        "simulated-%d-%04d".formatted(options.seed(), index),
        withPeak(withNoise(spoken, noise)),
        annotation(plan, speakers));
  }

  /**
   * What is heard of the turns.
   *
   * @param heardFrom the place of each voice; empty where there is no room
   */
  private float[] spoken(
      List<PlannedTurn> plan, Voice[] voices, List<Room> heardFrom, SplittableRandom random) {
    float[] samples = new float[options.samples()];
    for (PlannedTurn turn : plan) {
      float[] sound = voices[turn.speaker()].say(turn.samples(), random);
      sound = Level.changed(sound, random.nextDouble(-TURN_DECIBELS, TURN_DECIBELS));
      if (!heardFrom.isEmpty()) {
        Room room = heardFrom.get(turn.speaker());
        sound = room.applied(Arrays.copyOf(sound, sound.length + room.tailSamples()));
      }
      add(sound, samples, turn.firstSample());
    }
    return samples;
  }

  private List<String> cast(SplittableRandom random) {
    int count = random.nextInt(options.minSpeakers(), options.maxSpeakers() + 1);
    List<String> speakers = new ArrayList<>(corpus.recordings().keySet());
    Collections.shuffle(speakers, Random.from(random));
    return speakers.subList(0, count);
  }

  /** The places of speakers in one room, each his own as far as there are so many. */
  private List<Room> places(int speakers, SplittableRandom random) throws IOException {
    if (rooms.isEmpty()) {
      return List.of();
    }
    List<Path> places = new ArrayList<>(rooms.get(random.nextInt(rooms.size())));
    Collections.shuffle(places, Random.from(random));
    List<Room> taken = new ArrayList<>();
    for (int s = 0; s < speakers; s++) {
      taken.add(Room.read(places.get(s % places.size())));
    }
    return taken;
  }

  /**
   * @param to modified from {@code at} on; what lies past its end is lost
   */
  private static void add(float[] sound, float[] to, int at) {
    int count = Math.min(sound.length, to.length - at);
    for (int i = 0; i < count; i++) {
      to[at + i] += sound[i];
    }
  }

  private float[] withNoise(float[] samples, SplittableRandom random) throws IOException {
    if (noises.isEmpty()) {
      return samples;
    }
    double ratio =
        options.minSignalToNoiseDecibels()
            + random.nextDouble()
                * (options.maxSignalToNoiseDecibels() - options.minSignalToNoiseDecibels());
    Path file = noises.get().any(random);
    try (AudioSource source = AudioFiles.open(file)) {
      return Noise.added(samples, Noise.stretch(source, samples.length, random), ratio);
    }
  }

  private static float[] withPeak(float[] samples) {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak <= PEAK ? samples : Level.changed(samples, Level.gain(PEAK / peak));
  }

  private static Annotation annotation(List<PlannedTurn> plan, List<String> speakers) {
    List<Track> tracks = new ArrayList<>();
    for (PlannedTurn turn : plan) {
      Segment segment = new Segment(seconds(turn.firstSample()), seconds(turn.endSample()));
      String name = Integer.toString(tracks.size());
      tracks.add(new Track(segment, name, speakers.get(turn.speaker())));
    }
    return Annotation.of(tracks).withRenamedTracks();
  }

  private static double seconds(int samples) {
    return (double) samples / AudioSource.SAMPLE_RATE;
  }
}
