package dev.diarist.simulation;

import dev.diarist.annotation.Annotation;

/**
 * A conversation that never was.
 *
 * @param uri its name
 * @param samples at 16 kHz, in [-1, 1]
 * @param annotation who speaks when, in whole milliseconds, by the corpus' names of speakers
 */
public record Conversation(String uri, float[] samples, Annotation annotation) {}
