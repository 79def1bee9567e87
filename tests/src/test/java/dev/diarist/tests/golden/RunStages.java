package dev.diarist.tests.golden;

import dev.diarist.SpeakerBounds;
import dev.diarist.Turn;
import dev.diarist.clustering.Assignment;
import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.nn.weights.Weights;
import dev.diarist.reconstruction.Binarize;
import dev.diarist.reconstruction.DiscreteDiarization;
import dev.diarist.reconstruction.NamedSpeakers;
import dev.diarist.reconstruction.Reconstruction;
import dev.diarist.reconstruction.TieOrder;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SpeakerCount;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** The stages after the networks, run on the recorded outputs of the networks. */
final class RunStages {
  private final GoldenCase golden;

  RunStages(GoldenCase golden) {
    this.golden = golden;
  }

  SpeakerBounds bounds() {
    return GoldenArrays.bounds(golden.manifest().required("call"), "speakers");
  }

  Segmentation segmentation() throws IOException {
    Weights arrays = golden.plain("segmentation/multilabel").arrays("stages.safetensors");
    return GoldenArrays.segmentation(
        arrays.floats("segmentation/multilabel"), arrays.tensor("segmentation/multilabel").shape());
  }

  Clustering clustering() throws IOException {
    return GoldenArrays.clustering(golden.manifest().at("/params/clustering"), false)
        .cluster(embeddings(), Masks.activePairs(segmentation()), bounds());
  }

  Embeddings embeddings() throws IOException {
    Weights arrays = golden.plain("embeddings").arrays("stages.safetensors");
    return GoldenArrays.embeddings(
        arrays.floats("embeddings"), arrays.tensor("embeddings").shape());
  }

  DiscreteDiarization discreteDiarization(Clustering clustering) throws IOException {
    Segmentation segmentation = segmentation();
    BitSet active = Masks.activePairs(segmentation);
    FrameCounts counts = SpeakerCount.of(segmentation).cappedAt(bounds().max());
    return Reconstruction.reconstruct(
        segmentation,
        Assignment.withoutInactive(clustering.clusters(), active),
        counts,
        TieOrder.NUMPY_X86);
  }

  List<Turn> exclusive(Clustering clustering) throws IOException {
    Segmentation segmentation = segmentation();
    BitSet active = Masks.activePairs(segmentation);
    return Reconstruction.exclusive(
            segmentation,
            Assignment.withoutInactive(clustering.clusters(), active),
            SpeakerCount.of(segmentation).cappedAt(bounds().max()),
            TieOrder.NUMPY_X86,
            0)
        .turns();
  }

  NamedSpeakers namedSpeakers(DiscreteDiarization diarization) {
    double off = golden.manifest().at("/params/segmentation/min_duration_off").asDouble();
    return NamedSpeakers.numbered(new Binarize(0, off).annotate(diarization));
  }
}
