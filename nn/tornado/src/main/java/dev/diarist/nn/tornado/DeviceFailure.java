package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** Makes one kind of failure, which can be caught and read, of the many of TornadoVM. */
final class DeviceFailure {
  private DeviceFailure() {}

  /** Something that TornadoVM does. */
  interface Action<T> {
    T run();
  }

  /**
   * Runs an action.
   *
   * @throws TornadoOutOfMemoryException if the device's memory is full
   * @throws TornadoMemoryException likewise
   * @throws IllegalStateException if TornadoVM fails in another way
   */
  static <T> T told(Action<T> action) {
    try {
      return action.run();
    } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
      throw e;
    } catch (RuntimeException | TornadoInternalError | LinkageError e) {
      throw new IllegalStateException("TornadoVM failed: " + sentence(e), e);
    }
  }

  /** The innermost cause, which names what is missing, in one line and without colours. */
  static String sentence(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        String.valueOf(cause.getMessage())
            .replaceAll("\\u001B\\[[0-9;]*m", "")
            .strip()
            .replaceAll("\\s+", " ");
    return cause.getClass().getSimpleName() + ": " + message;
  }
}
