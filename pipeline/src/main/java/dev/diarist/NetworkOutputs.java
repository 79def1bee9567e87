package dev.diarist;

import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.Segmentation;

/**
 * What the two networks say of a recording; who spoke when is a function of it and of a few
 * options. Keep it to try other options without running the networks again.
 *
 * @param uri name of the recording
 */
public record NetworkOutputs(String uri, Segmentation segmentation, Embeddings embeddings) {}
