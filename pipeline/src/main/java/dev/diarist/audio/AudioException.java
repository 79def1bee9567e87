package dev.diarist.audio;

import java.io.IOException;

/** Audio that cannot be used; the message names the file and the reason. */
public class AudioException extends IOException {
  private static final long serialVersionUID = 1L;

  public AudioException(String message) {
    super(message);
  }

  public AudioException(String message, Throwable cause) {
    super(message, cause);
  }
}
