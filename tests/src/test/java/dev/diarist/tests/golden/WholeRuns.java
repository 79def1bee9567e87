package dev.diarist.tests.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.DiarizerOptions;
import dev.diarist.NetworkOutputs;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.Segmentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the pipeline as a manifest says; the networks run once for all variants of a recording. */
final class WholeRuns implements AutoCloseable {
  private final Path shared;
  private final String backend;
  private final Map<Network, Diarizer> diarizers = new HashMap<>();
  private final Map<Recording, Stages> stages = new HashMap<>();

  private record Network(String model, boolean excludeOverlap) {}

  private record Recording(Network network, String audio) {}

  /**
   * The stages of a run with default parameters.
   *
   * @param logProbabilities of each run of the segmentation network, in order
   * @param embeddings absent where nobody speaks
   */
  record Stages(
      Diarization diarization,
      List<float[]> logProbabilities,
      Segmentation segmentation,
      FrameCounts counts,
      Optional<Embeddings> embeddings) {}

  /** What came out with the parameters of a manifest; no clustering where nobody speaks. */
  record Run(Stages stages, Optional<Clustering> clustering, Diarization diarization) {}

  /**
   * @param shared the folder that the paths in manifests start from
   */
  WholeRuns(Path shared, String backend) {
    this.shared = shared;
    this.backend = backend;
  }

  Run of(GoldenCase golden) throws IOException {
    JsonNode manifest = golden.manifest();
    Network network =
        new Network(
            manifest.required("model").asText(),
            manifest.required("embedding_exclude_overlap").asBoolean());
    Recording recording = new Recording(network, manifest.required("audio").asText());
    Stages own = stages.get(recording);
    if (own == null) {
      own = stages(recording);
      stages.put(recording, own);
    }
    if (own.embeddings().isEmpty()) {
      return new Run(own, Optional.empty(), own.diarization());
    }
    SpeakerBounds bounds = GoldenArrays.bounds(manifest.required("call"), "speakers");
    List<Clustering> clusterings = new ArrayList<>();
    Diarization diarization =
        Diarizer.resolve(
            new NetworkOutputs(
                own.diarization().uri(), own.segmentation(), own.embeddings().orElseThrow()),
            options(manifest.required("params")),
            bounds,
            event -> {
              if (event instanceof StageEvent.Clustered(Clustering clustering)) {
                clusterings.add(clustering);
              }
            });
    return new Run(own, Optional.of(clusterings.getFirst()), diarization);
  }

  /** Parameters by stage and name, {@code {"clustering": {"threshold": 0.7}}}. */
  private static DiarizerOptions options(JsonNode params) {
    DiarizerOptions options = DiarizerOptions.defaults();
    for (Map.Entry<String, JsonNode> stage : params.properties()) {
      for (Map.Entry<String, JsonNode> value : stage.getValue().properties()) {
        options = options.with(stage.getKey() + "." + value.getKey(), value.getValue().asText());
      }
    }
    return options;
  }

  private Stages stages(Recording recording) throws IOException {
    Recorder recorder = new Recorder();
    try (AudioSource audio = AudioFiles.open(shared.resolve(recording.audio()))) {
      Diarization diarization =
          diarizer(recording.network()).diarize(audio, SpeakerBounds.AUTO, recorder);
      return recorder.stages(diarization);
    }
  }

  private Diarizer diarizer(Network network) throws IOException {
    Diarizer diarizer = diarizers.get(network);
    if (diarizer == null) {
      String excludeOverlap = Boolean.toString(network.excludeOverlap());
      diarizer =
          Diarizer.open(
              shared.resolve(network.model()),
              configured ->
                  configured
                      .withBackend(backend)
                      .with("embedding_exclude_overlap", excludeOverlap));
      diarizers.put(network, diarizer);
    }
    return diarizer;
  }

  @Override
  public void close() {
    diarizers.values().forEach(Diarizer::close);
  }

  /** Keeps what the pipeline hands out on its way. */
  private static final class Recorder implements StageListener {
    private final List<float[]> logProbabilities = new ArrayList<>();
    private Segmentation segmentation;
    private FrameCounts counts;
    private Embeddings embeddings;

    @Override
    public void on(StageEvent event) {
      switch (event) {
        case StageEvent.ChunksScored scored -> logProbabilities.add(scored.scores());
        case StageEvent.Segmented(Segmentation s) -> segmentation = s;
        case StageEvent.SpeakersCounted(FrameCounts c) -> counts = c;
        case StageEvent.Embedded(Embeddings e) -> embeddings = e;
        case StageEvent.Progress progress -> {}
        case StageEvent.Clustered clustered -> {}
        case StageEvent.Reconstructed reconstructed -> {}
      }
    }

    Stages stages(Diarization diarization) {
      return new Stages(
          diarization, logProbabilities, segmentation, counts, Optional.ofNullable(embeddings));
    }
  }
}
