package dev.diarist.nn.weights;

import java.io.IOException;

/** Weights that cannot be used; the message names the file, the tensor and the reason. */
public class WeightsException extends IOException {
  private static final long serialVersionUID = 1L;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
