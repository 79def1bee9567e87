package dev.diarist.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;

/**
 * What a network answers to a fixed signal: a few numbers that are stored with its weights, so that
 * whoever has them later, on another machine or backend, sees whether the answer is still the same.
 */
final class Figures {
  static final String KEY = "figures";

  /** The version of the signal and of the choice of numbers. */
  private static final int VERSION = 1;

  private static final int COUNT = 56;

  /** Embeddings are taken from so much signal; segmentation needs a whole chunk. */
  private static final double EMBEDDED_SECONDS = 3;

  /** Log-probabilities differ by 8e-4 between implementations, embeddings by 3e-3 of up to 99. */
  private static final double ABSOLUTE_TOLERANCE = 5e-3;

  private static final double RELATIVE_TOLERANCE = 1e-3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Figures() {}

  /** The figures as JSON. */
  static String of(Architecture architecture, Weights weights) {
    Backend backend = Backends.choose(Backends.AUTO);
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION).put("backend", backend.name());
    ArrayNode values = json.putArray("values");
    for (float value : values(architecture, weights, backend)) {
      values.add(Float.toString(value)); // text, which also holds what is not finite
    }
    return json.toString();
  }

  /**
   * Computes the stored figures of {@code weights} anew.
   *
   * @param file what messages call the weights
   * @return the largest difference
   * @throws WeightsException if there are none, or a difference is beyond the tolerance
   */
  static double check(Architecture architecture, Weights weights, String file)
      throws WeightsException {
    JsonNode stored = stored(weights, file);
    float[] now = values(architecture, weights, Backends.choose(Backends.AUTO));
    JsonNode values = stored.path("values");
    if (stored.path("version").asInt() != VERSION || values.size() != now.length) {
      throw new WeightsException(file + ": its figures are those of another version of Diarist");
    }
    double largest = 0;
    for (int i = 0; i < now.length; i++) {
      float then = number(values.get(i), file);
      double difference = Float.compare(then, now[i]) == 0 ? 0 : Math.abs((double) then - now[i]);
      if (!(difference <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(then))) {
        throw new WeightsException(
            "%s: figure %d of the fixed signal was %s at conversion and is %s now"
                .formatted(file, i, then, now[i]));
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  private static JsonNode stored(Weights weights, String file) throws WeightsException {
    String text = weights.metadata().get(KEY);
    if (text == null) {
      throw new WeightsException(file + ": holds no figures to check against; convert it again");
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new WeightsException(file + ": its figures are not readable", e);
    }
  }

  private static float number(JsonNode value, String file) throws WeightsException {
    try {
      return Float.parseFloat(value.asText());
    } catch (NumberFormatException e) {
      throw new WeightsException(file + ": its figures are not numbers", e);
    }
  }

  /** {@value #COUNT} numbers, evenly spread over the output; fewer where it is smaller. */
  private static float[] values(Architecture architecture, Weights weights, Backend backend) {
    float[] output =
        switch (architecture) {
          case PYANNET -> segmentation(PyanNet.of(weights), weights, backend);
          case WESPEAKER_RESNET34 -> embedding(WeSpeakerResNet34.of(weights), weights, backend);
        };
    float[] values = new float[Math.min(COUNT, output.length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = output[(int) ((long) i * output.length / values.length)];
    }
    return values;
  }

  private static float[] segmentation(PyanNet network, Weights weights, Backend backend) {
    return run(
        network.graph(network.chunkSamples()), weights, backend, signal(network.chunkSamples()));
  }

  private static float[] embedding(WeSpeakerResNet34 network, Weights weights, Backend backend) {
    int mels = network.melBins();
    float[] signal = signal((int) (EMBEDDED_SECONDS * network.sampleRate()));
    Fbank filters = new Fbank(network.sampleRate(), mels);
    int frames = filters.frames(signal.length);
    float[] fbank = new float[frames * mels];
    filters.compute(signal, 0, signal.length, fbank, 0);
    filters.center(fbank, 0, frames);
    return run(network.graph(frames), weights, backend, fbank);
  }

  private static float[] run(Graph graph, Weights weights, Backend backend, float[] input) {
    try (Program program = backend.compile(graph, weights, new Execution(1, 1))) {
      return program.run(1, input);
    }
  }

  /** Bursts of noise and of a rising triangle wave: integers only, so the same on any machine. */
  private static float[] signal(int samples) {
    float[] signal = new float[samples];
    int noise = 1;
    int phase = 0;
    for (int i = 0; i < samples; i++) {
      noise = noise * 1664525 + 1013904223; // the generator of Numerical Recipes
      phase = phase + 200 + i / 64 & 0xffff;
      int triangle = Math.abs(phase - 0x8000) - 0x4000;
      boolean voiced = (i >> 13) % 3 != 0;
      int value = (voiced ? triangle : 0) / 2 + (noise >> (voiced ? 22 : 20));
      signal[i] = value / 32768f;
    }
    return signal;
  }
}
