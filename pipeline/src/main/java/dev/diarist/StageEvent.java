package dev.diarist;

import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.reconstruction.DiscreteDiarization;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.Segmentation;

/**
 * What happens while a recording is diarized, in the order of the cases below; a recording in which
 * nobody speaks ends with {@link SpeakersCounted}. Nothing handed over may be modified.
 *
 * <p>Source: the hook of pyannote.audio 3.3.2.
 */
public sealed interface StageEvent {

  /**
   * Part of a stage is done.
   *
   * @param stage {@code segmentation} or {@code embeddings}
   * @param completed chunks of the segmentation, counted in whole batches and so possibly more than
   *     the total; batches of embeddings
   */
  record Progress(String stage, int completed, int total) implements StageEvent {}

  /**
   * The segmentation network has run over some chunks.
   *
   * @param scores (chunks, F, P): log-probabilities of sets of local speakers, or (chunks, F, S):
   *     probabilities of local speakers, as the network says it
   */
  record ChunksScored(int firstChunk, int chunks, float[] scores) implements StageEvent {}

  record Segmented(Segmentation segmentation) implements StageEvent {}

  record SpeakersCounted(FrameCounts counts) implements StageEvent {}

  record Embedded(Embeddings embeddings) implements StageEvent {}

  record Clustered(Clustering clustering) implements StageEvent {}

  record Reconstructed(DiscreteDiarization diarization) implements StageEvent {}
}
