package dev.diarist;

/**
 * A speaker of a recording whose voice is known.
 *
 * @param speaker the name of the voice, which the turns have
 * @param label what the speaker was called before: {@code SPEAKER_00}
 * @param similarity cosine of the speaker's embedding and the voice's, -1 to 1
 */
public record RecognizedSpeaker(String speaker, String label, double similarity) {}
