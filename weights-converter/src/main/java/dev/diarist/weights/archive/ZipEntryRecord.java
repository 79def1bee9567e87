package dev.diarist.weights.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the central directory says of one entry.
 *
 * @param checksum CRC-32 of the unpacked bytes
 * @param headerBegin where the entry's own header begins
 * @param dataBegin where its packed bytes begin; 0 while that is not known
 */
record ZipEntryRecord(
    String name,
    int flags,
    int method,
    long checksum,
    long packedSize,
    long size,
    long headerBegin,
    long dataBegin) {

  ZipEntryRecord withDataBegin(long begin) {
    return new ZipEntryRecord(name, flags, method, checksum, packedSize, size, headerBegin, begin);
  }

  boolean isPlain() {
    return packedSize == size;
  }

  boolean hasName(byte[] utf8) {
    return Arrays.equals(utf8, name.getBytes(StandardCharsets.UTF_8));
  }
}
