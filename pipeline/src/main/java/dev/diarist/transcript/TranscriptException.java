package dev.diarist.transcript;

import java.io.IOException;

/** A transcript that cannot be understood; the message names file and field. */
public class TranscriptException extends IOException {
  private static final long serialVersionUID = 1L;

  public TranscriptException(String message) {
    super(message);
  }

  public TranscriptException(String message, Throwable cause) {
    super(message, cause);
  }
}
