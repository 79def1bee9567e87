package dev.diarist.dataset;

import java.io.IOException;

/** A data set cannot be read; the message names the file and the reason. */
public final class DatasetException extends IOException {
  private static final long serialVersionUID = 1L;

  DatasetException(String message) {
    super(message);
  }

  DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
