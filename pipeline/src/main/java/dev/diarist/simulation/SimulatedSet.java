package dev.diarist.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Uem;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.WavWriter;
import dev.diarist.file.WholeFile;
import dev.diarist.weights.StrictYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A data set of simulated conversations: a folder of {@code audio}, {@code rttm} and {@code uem}
 * files, and a {@code database.yml} whose one subset they are.
 */
public final class SimulatedSet {
  private static final List<String> SUBSETS = List.of("train", "development", "test");
  private static final String DATABASE = "Simulated";
  private static final String PROTOCOL = "Conversations";

  private SimulatedSet() {}

  /**
   * Makes conversations 0 to {@code count} − 1, one at a time.
   *
   * @param folder made if it is not there; conversations of the same names are replaced
   * @param subset train, development or test
   * @param listener is handed each conversation once it is written
   * @throws IOException if something cannot be read or written, or the folder holds another subset;
   *     conversations written before stay
   * @throws IllegalArgumentException if the count or the subset is none
   */
  public static void write(
      ConversationSimulator simulator,
      int count,
      Path folder,
      String subset,
      Consumer<Conversation> listener)
      throws IOException {
    requireCount(count);
    requireSubset(subset);
    requireNoOther(folder, subset);
    for (String part : List.of("audio", "rttm", "uem")) {
      Files.createDirectories(folder.resolve(part));
    }
    StringBuilder uris = new StringBuilder();
    for (int index = 0; index < count; index++) {
      Conversation conversation = simulator.conversation(index);
      write(conversation, folder);
      uris.append(conversation.uri()).append('\n');
      listener.accept(conversation);
    }
    Files.writeString(folder.resolve(subset + ".lst"), uris);
    Files.writeString(folder.resolve("database.yml"), database(subset));
  }

  /** Conversations of two subsets would have the same names, and one database.yml. */
  private static void requireNoOther(Path folder, String subset) throws SimulationException {
    for (String other : SUBSETS) {
      if (!other.equals(subset) && Files.exists(folder.resolve(other + ".lst"))) {
        throw new SimulationException(
            "%s: holds conversations of the subset %s; those of %s need a folder of their own"
                .formatted(folder, other, subset));
      }
    }
  }

  /**
   * @throws IllegalArgumentException if there would be no conversation
   */
  public static void requireCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("there must be 1 conversation or more, got " + count);
    }
  }

  /**
   * @throws IllegalArgumentException if pyannote.database has no such subset
   */
  public static void requireSubset(String subset) {
    if (!SUBSETS.contains(subset)) {
      throw new IllegalArgumentException(
          "a subset must be train, development or test, got " + subset);
    }
  }

  /** The name by which {@link dev.diarist.dataset.Dataset#open} finds the set. */
  public static String name(Path folder, String subset) {
    return folder.resolve("database.yml")
        + ":"
        + String.join(".", DATABASE, "SpeakerDiarization", PROTOCOL, subset);
  }

  private static void write(Conversation conversation, Path folder) throws IOException {
    String uri = conversation.uri();
    StringBuilder rttm = new StringBuilder();
    Rttm.write(conversation.annotation().turns(), uri, rttm);
    Files.writeString(folder.resolve("rttm").resolve(uri + ".rttm"), rttm);
    StringBuilder uem = new StringBuilder();
    double seconds = (double) conversation.samples().length / AudioSource.SAMPLE_RATE;
    Uem.write(List.of(new Segment(0, seconds)), uri, uem);
    Files.writeString(folder.resolve("uem").resolve(uri + ".uem"), uem);
    Path wav = folder.resolve("audio").resolve(uri + ".wav");
    WholeFile.write(
        wav, out -> WavWriter.write(conversation.samples(), AudioSource.SAMPLE_RATE, out));
  }

  private static String database(String subset) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("Databases").put(DATABASE, "audio/{uri}.wav");
    ObjectNode protocol =
        root.putObject("Protocols")
            .putObject(DATABASE)
            .putObject("SpeakerDiarization")
            .putObject(PROTOCOL);
    protocol.put("scope", "global"); // a speaker is the same in all conversations
    protocol
        .putObject(subset)
        .put("uri", subset + ".lst")
        .put("annotation", "rttm/{uri}.rttm")
        .put("annotated", "uem/{uri}.uem");
    return StrictYaml.write(root);
  }
}
