package dev.diarist.annotation;

import java.io.IOException;

/** A file of labels that cannot be understood; the message names file, line and field. */
public class AnnotationException extends IOException {
  private static final long serialVersionUID = 1L;

  public AnnotationException(String message) {
    super(message);
  }

  public AnnotationException(String message, Throwable cause) {
    super(message, cause);
  }
}
