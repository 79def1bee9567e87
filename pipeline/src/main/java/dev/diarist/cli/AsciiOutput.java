package dev.diarist.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Bytes of ASCII text that go to a writer of characters. */
final class AsciiOutput extends OutputStream {
  private final PrintWriter out;

  AsciiOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(int b) {
    out.write(b & 0x7f);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    out.write(new String(bytes, offset, length, StandardCharsets.US_ASCII));
  }

  @Override
  public void flush() {
    out.flush();
  }
}
