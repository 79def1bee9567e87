package dev.diarist.simulation;

import java.io.IOException;

/** What conversations would be made of cannot be used; the message names it and the reason. */
public final class SimulationException extends IOException {
  private static final long serialVersionUID = 1L;

  SimulationException(String message) {
    super(message);
  }

  SimulationException(String message, Throwable cause) {
    super(message, cause);
  }
}
