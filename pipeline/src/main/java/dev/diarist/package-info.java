/**
 * Who spoke when.
 *
 * {@snippet :
 * try (Diarizer diarizer = Diarizer.open(model, options -> options.withThreads(4))) {
 *   Diarization diarization = diarizer.diarize(Path.of("interview.wav"));
 *   for (Turn turn : diarization.turns()) {
 *     System.out.println(turn.startSeconds() + " " + turn.endSeconds() + " " + turn.speaker());
 *   }
 *   for (String warning : diarization.warnings()) {
 *     System.err.println(warning);
 *   }
 * }
 * }
 *
 * <p>A {@link dev.diarist.Diarizer} serves many threads over one set of weights. {@link
 * dev.diarist.DiarizerOptions} holds everything that can be chosen, and is immutable: each {@code
 * with…} gives changed options. A {@link dev.diarist.StageListener} sees what each stage makes; a
 * recording is cancelled by what it throws, or by interrupting the thread:
 *
 * {@snippet :
 * AtomicBoolean unwanted = new AtomicBoolean(); // set by another thread
 * StageListener listener =
 *     event -> {
 *       if (unwanted.get()) {
 *         throw new CancellationException("no longer wanted");
 *       }
 *     };
 * diarizer.diarize(audio, SpeakerBounds.AUTO, listener);
 * }
 *
 * <p>Sound comes in through {@link dev.diarist.audio.AudioFiles} and {@link
 * dev.diarist.audio.Recording}, results go out through {@link dev.diarist.annotation.OutputFormat},
 * and known voices are named by {@link dev.diarist.voices.VoiceStore}. What is to be said beside a
 * result is logged through {@link java.lang.System.Logger}; nothing is printed.
 */
package dev.diarist;
