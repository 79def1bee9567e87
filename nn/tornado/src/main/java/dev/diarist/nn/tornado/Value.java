package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The values of a node on their way through the device: (B, layout). */
record Value(Layout layout, Buffers.Buffer buffer) {

  /** Null until the arrays are allocated. */
  FloatArray array() {
    return buffer.array();
  }

  Layout.Image image() {
    return (Layout.Image) layout;
  }
}
