package dev.diarist.cli;

import dev.diarist.weights.hub.TransferListener;
import java.io.PrintWriter;

/** One line on a terminal that says how far a download is. */
final class TransferLine implements TransferListener {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String ERASE = "\r\u001b[K"; // back to the first column, erase to the end

  private final PrintWriter terminal;
  private long drawnAtNanos = System.nanoTime() - REDRAW_NANOS;

  TransferLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void on(String file, long received, long total) {
    long now = System.nanoTime();
    boolean ends = received >= total;
    if (!ends && now - drawnAtNanos < REDRAW_NANOS) {
      return;
    }
    drawnAtNanos = now;
    String line = "%s: %d of %d bytes".formatted(Failure.printable(file), received, total);
    terminal.print(ERASE + (ends ? "" : line));
    terminal.flush();
  }
}
