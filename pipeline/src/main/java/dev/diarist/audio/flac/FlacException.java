package dev.diarist.audio.flac;

import java.io.IOException;

/** A FLAC stream that cannot be decoded; the message says why, and where in the file. */
public final class FlacException extends IOException {
  private static final long serialVersionUID = 1L;

  FlacException(String message) {
    super(message);
  }
}
