package dev.diarist.nn.cpu;

/** The output of a node: a layout and the buffer that holds it. */
record Value(Layout layout, Buffers.Buffer buffer) {

  float[] example(int b) {
    return buffer.example(b);
  }
}
