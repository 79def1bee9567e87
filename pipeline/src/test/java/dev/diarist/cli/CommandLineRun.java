package dev.diarist.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one call of the command line did. */
record CommandLineRun(int code, String out, String err) {

  /** Runs without any terminal. */
  static CommandLineRun of(Recognizer.Opener models, String... args) {
    return of(false, models, args);
  }

  static CommandLineRun of(boolean terminal, Recognizer.Opener models, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out), new PrintWriter(err), terminal, models);
    return new CommandLineRun(code, out.toString(), err.toString());
  }
}
