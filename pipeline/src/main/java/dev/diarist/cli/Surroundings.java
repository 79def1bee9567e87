package dev.diarist.cli;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a command may touch of the world around it.
 *
 * @param out results
 * @param err everything else
 * @param terminal whether a person watches {@code err}
 * @param debugging whether failures show their stack trace
 * @param models opens models
 */
record Surroundings(
    PrintWriter out,
    PrintWriter err,
    boolean terminal,
    boolean debugging,
    Recognizer.Opener models) {

  /** One line on standard error. */
  void tell(String sentence) {
    err.println("diarist: " + Failure.printable(sentence));
    err.flush();
  }

  /**
   * @param what was written
   * @throws IOException if nobody reads standard output any more
   */
  static void requireWritten(PrintWriter out, String what) throws IOException {
    if (out.checkError()) {
      throw new IOException("the " + what + " could not be written to standard output");
    }
  }

  /** One line on standard error, and what led to it where that is wanted. */
  void tell(String sentence, Throwable failure) {
    tell(sentence);
    if (debugging) {
      failure.printStackTrace(err);
      err.flush();
    }
  }
}
