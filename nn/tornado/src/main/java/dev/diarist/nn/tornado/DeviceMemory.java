package dev.diarist.nn.tornado;

/**
 * What may be placed on a device.
 *
 * @param bytes that a program may take
 * @param arrayBytes of the largest array
 */
record DeviceMemory(long bytes, long arrayBytes) {
  /** What TornadoVM takes of a device unless told otherwise. */
  private static final String LIMIT = "tornado.device.memory";

  private static final String DEFAULT_LIMIT = "4GB";

  /**
   * Both networks lie on the device, and recordings beside each other have buffers of their own.
   */
  private static final int PROGRAMS = 4;

  /**
   * @param globalBytes of the device
   * @param arrayBytes of its largest array
   */
  static DeviceMemory of(long globalBytes, long arrayBytes) {
    long limit = bytes(System.getProperty(LIMIT, DEFAULT_LIMIT));
    return new DeviceMemory(Math.min(globalBytes, limit) / PROGRAMS, arrayBytes);
  }

  /** Reads {@code 512MB}, {@code 4GB} or a number of bytes, as TornadoVM does. */
  static long bytes(String size) {
    int shift = size.endsWith("KB") ? 10 : size.endsWith("MB") ? 20 : size.endsWith("GB") ? 30 : 0;
    String number = shift == 0 ? size : size.substring(0, size.length() - 2);
    try {
      return Long.parseLong(number) << shift;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          LIMIT + " must be a number with KB, MB or GB behind it, got " + size, e);
    }
  }

  /**
   * How many examples fit, at most {@code batch}.
   *
   * @param weightBytes that lie beside them
   * @throws IllegalArgumentException if not even one does
   */
  int examples(int batch, Buffers buffers, long weightBytes) {
    long arrayFloats = Math.min(Integer.MAX_VALUE, arrayBytes / Float.BYTES) - buffers.slack();
    long fitting =
        Math.min(
            (bytes - weightBytes) / Math.max(1, buffers.bytesPerExample()),
            arrayFloats / buffers.largest());
    if (fitting < 1) {
      throw new IllegalArgumentException(
          "a program may take %d MiB of the device, one example and the weights need %d MiB: raise -D%s"
              .formatted(bytes >> 20, buffers.bytesPerExample() + weightBytes >> 20, LIMIT));
    }
    return (int) Math.min(batch, fitting);
  }
}
