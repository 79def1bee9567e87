package dev.diarist.endpoint;

/** A request that cannot be answered; the message says what must hold and what was found. */
public final class EndpointException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is, and of what. */
  public enum Reason {
    /** The body is no JSON object. */
    MALFORMED_REQUEST(400),
    /** {@code inputs} is absent or nothing that names or holds a recording. */
    INVALID_INPUTS(400),
    /** {@code parameters} has a name that there is not, or a value out of range. */
    INVALID_PARAMETERS(400),
    /** The recording is no audio that can be read. */
    UNREADABLE_AUDIO(422),
    /** The request is good and the answer failed. */
    FAILED(500);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** The status of HTTP that fits. */
    public int status() {
      return status;
    }
  }

  private final Reason reason;

  public EndpointException(Reason reason, String message) {
    this(reason, message, null);
  }

  public EndpointException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
