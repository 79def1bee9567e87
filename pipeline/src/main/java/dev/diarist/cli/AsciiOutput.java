package dev.diarist.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of ASCII text that go to a writer of characters; a write fails where nobody reads any more.
 */
final class AsciiOutput extends OutputStream {
  private final PrintWriter out;

  AsciiOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(new String(bytes, offset, length, StandardCharsets.US_ASCII));
    Surroundings.requireWritten(out, "result");
  }

  @Override
  public void flush() {
    out.flush();
  }
}
