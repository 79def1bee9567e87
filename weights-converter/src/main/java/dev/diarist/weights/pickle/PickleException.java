package dev.diarist.weights.pickle;

import dev.diarist.nn.weights.WeightsException;

/** A pickle that is broken, too large or asks for more than plain data; names source and byte. */
public final class PickleException extends WeightsException {
  private static final long serialVersionUID = 1L;

  public PickleException(String message) {
    super(message);
  }

  public PickleException(String message, Throwable cause) {
    super(message, cause);
  }
}
