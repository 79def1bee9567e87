package dev.diarist.training;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Recordings of tones, each a speaker, and a small network for chunks of half a second. */
final class TrainingFolder {
  private static final int RATE = 16000;

  private TrainingFolder() {}

  /** A recording in which two tones take turns, and its RTTM file. */
  static void write(Path folder, String uri, double seconds, int seed) throws IOException {
    int samples = (int) (seconds * RATE);
    short[] sound = new short[samples];
    Random random = new Random(seed);
    StringBuilder rttm = new StringBuilder();
    double at = 0;
    for (int turn = 0; at < seconds; turn++) {
      double length = Math.min(0.15 + 0.3 * random.nextDouble(), seconds - at);
      int speaker = turn % 3; // the third is silence
      for (int i = (int) (at * RATE); i < Math.min(samples, (at + length) * RATE); i++) {
        double tone =
            speaker == 2 ? 0 : Math.sin(2 * Math.PI * (speaker == 0 ? 200 : 900) * i / RATE);
        sound[i] = (short) (8000 * tone + 200 * random.nextGaussian());
      }
      if (speaker < 2) {
        rttm.append(
            "SPEAKER %s 1 %.3f %.3f <NA> <NA> s%d <NA> <NA>\n".formatted(uri, at, length, speaker));
      }
      at += length;
    }
    Files.write(folder.resolve(uri + ".wav"), wav(sound));
    Files.writeString(folder.resolve(uri + ".rttm"), rttm);
  }

  private static byte[] wav(short[] sound) {
    int bytes = 2 * sound.length;
    ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes()).putInt(36 + bytes).put("WAVEfmt ".getBytes()).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    wav.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(bytes);
    for (short sample : sound) {
      wav.putShort(sample);
    }
    return wav.array();
  }

  /** A network with random weights for two speakers at a time of three. */
  static Weights network(int seed) {
    PyanNet network =
        new PyanNet(
            RATE,
            0.5,
            8,
            51,
            10,
            List.of(new Op.Conv1d(6, 5, 1), new Op.Conv1d(6, 5, 1)),
            List.of(new Op.Lstm(6, 2, true)),
            List.of(8),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE);
    Graph graph = network.graph(network.chunkSamples());
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((name, shape) -> tensors.put(name, tensor(name, shape, random)));
    return Weights.of(
        tensors,
        Map.of(
            "specifications",
            "{\"duration\": 0.5, \"classes\": [\"a\", \"b\", \"c\"], \"powerset_max_classes\":"
                + " 2}"));
  }

  private static Tensor tensor(String name, Shape shape, Random random) {
    long[] dimensions = new long[shape.rank()];
    for (int i = 0; i < shape.rank(); i++) {
      dimensions[i] = shape.dimension(i);
    }
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "low_hz_" -> 100 + 400 * i;
            case "band_hz_" -> 100;
            case "window_" -> 0.1f + 0.9f * i / values.length;
            case "n_" -> (float) (2 * Math.PI * (i - values.length) / RATE);
            default -> (float) (0.3 * random.nextGaussian());
          };
    }
    return Tensor.of(values, dimensions);
  }
}
