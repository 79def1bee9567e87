package dev.diarist.training;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import java.nio.file.Path;
import java.util.List;

/**
 * A recording that can be trained on: its audio was opened once.
 *
 * @param annotated the parts that somebody listened to, within the recording
 */
record TrainingRecording(
    String uri,
    Path audio,
    double durationSeconds,
    Annotation annotation,
    List<Segment> annotated) {

  TrainingRecording {
    annotated = List.copyOf(annotated);
  }
}
