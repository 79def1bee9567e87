package dev.diarist.weights.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip file of stored entries, the same bytes whenever and wherever. The data of each entry
 * begins at a multiple of 64 bytes, as PyTorch pads it, so that a mapped file can be computed with.
 *
 * <p>Source: {@code getPadding} in caffe2/serialize/inline_container.cc of PyTorch.
 */
public final class ZipWriter implements AutoCloseable {
  private static final int LOCAL_BYTES = 30;
  private static final int ALIGNMENT = 64;

  /** An extra field {@code FB} with its length in front, which says nothing but takes room. */
  private static final int PADDING_HEAD_BYTES = 4;

  private static final int BLOCK_BYTES = 1 << 16;

  /** Any time that the format can hold; the first one it can would add a field of the zone. */
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private long position;

  /** A zip file written to {@code out}, which is closed with this. */
  public ZipWriter(OutputStream out) {
    zip = new ZipOutputStream(new CountedStream(out));
  }

  /** Adds an entry; the name has ASCII characters. */
  public void add(String name, byte[] bytes) throws IOException {
    add(name, MemorySegment.ofArray(bytes));
  }

  /** Adds an entry; the name has ASCII characters. */
  public void add(String name, MemorySegment bytes) throws IOException {
    zip.flush();
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(TIME);
    entry.setSize(bytes.byteSize());
    CRC32 checksum = new CRC32();
    byte[] block = new byte[BLOCK_BYTES];
    for (long at = 0; at < bytes.byteSize(); at += BLOCK_BYTES) {
      checksum.update(block, 0, copy(bytes, at, block));
    }
    entry.setCrc(checksum.getValue());
    entry.setExtra(padding(LOCAL_BYTES + name.getBytes(StandardCharsets.US_ASCII).length));
    zip.putNextEntry(entry);
    for (long at = 0; at < bytes.byteSize(); at += BLOCK_BYTES) {
      zip.write(block, 0, copy(bytes, at, block));
    }
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private static int copy(MemorySegment from, long at, byte[] block) {
    int length = (int) Math.min(block.length, from.byteSize() - at);
    MemorySegment.copy(from, at, MemorySegment.ofArray(block), 0, length);
    return length;
  }

  private byte[] padding(int headerBytes) {
    long data = position + headerBytes + PADDING_HEAD_BYTES;
    int length = (int) Math.floorMod(-data, (long) ALIGNMENT);
    byte[] padding = new byte[PADDING_HEAD_BYTES + length];
    Arrays.fill(padding, (byte) 'Z');
    ByteBuffer.wrap(padding).put((byte) 'F').put((byte) 'B').put((byte) length).put((byte) 0);
    return padding;
  }

  private final class CountedStream extends FilterOutputStream {
    CountedStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      position += len;
    }
  }
}
