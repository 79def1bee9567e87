package dev.diarist.weights.archive;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The central directory at the end of a zip file, with and without the fields of zip64. */
record ZipDirectory(long begin, List<ZipEntryRecord> entries) {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int ZIP64_EXTRA = 1;
  private static final int MAX_COMMENT_BYTES = 0xffff;
  private static final long IN_ZIP64 = 0xffffffffL;

  /** Checkpoints have an entry for each tensor, of which the models here have 500. */
  private static final int MAX_ENTRIES = 100_000;

  private static final int MAX_BYTES = 16 << 20;

  static ZipDirectory of(String file, FileChannel channel) throws IOException {
    try {
      return new Reading(channel).read();
    } catch (IllegalArgumentException e) {
      throw new WeightsException(file + ": broken zip file: " + e.getMessage(), e);
    }
  }

  private static final class Reading {
    private final FileChannel channel;
    private long begin;
    private long size;
    private long count;

    Reading(FileChannel channel) {
      this.channel = channel;
    }

    ZipDirectory read() throws IOException {
      long end = findEnd();
      require(begin >= 0 && size >= 0 && begin <= end - size, "the directory lies outside it");
      require(begin + size == end, "bytes between the directory and its end record");
      require(count <= MAX_ENTRIES && size <= MAX_BYTES, "too many entries");
      ByteBuffer directory = bytes(begin, (int) size);
      List<ZipEntryRecord> entries = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        entries.add(entry(directory));
      }
      require(!directory.hasRemaining(), "bytes after the last entry of the directory");
      return new ZipDirectory(begin, entries);
    }

    /** Reads the end record; returns where the directory must end. */
    private long findEnd() throws IOException {
      long length = channel.size();
      require(length >= END_BYTES, "it is too short");
      int tailBytes = (int) Math.min(length, END_BYTES + MAX_COMMENT_BYTES);
      ByteBuffer tail = bytes(length - tailBytes, tailBytes);
      for (int at = tailBytes - END_BYTES; at >= 0; at--) {
        boolean isEnd =
            tail.getInt(at) == END_SIGNATURE
                && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tailBytes;
        if (isEnd) {
          return readEnd(tail, at, length - tailBytes + at);
        }
      }
      throw new IllegalArgumentException("it has no end record");
    }

    private long readEnd(ByteBuffer tail, int at, long end) throws IOException {
      count = Short.toUnsignedInt(tail.getShort(at + 10));
      size = Integer.toUnsignedLong(tail.getInt(at + 12));
      begin = Integer.toUnsignedLong(tail.getInt(at + 16));
      if (end < LOCATOR_BYTES + END64_BYTES) {
        return end;
      }
      ByteBuffer locator = bytes(end - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) != LOCATOR_SIGNATURE) {
        return end;
      }
      long end64 = locator.getLong(8);
      require(
          end64 >= 0 && end64 == end - LOCATOR_BYTES - END64_BYTES,
          "its zip64 end record is not where it must be");
      ByteBuffer record = bytes(end64, END64_BYTES);
      require(record.getInt(0) == END64_SIGNATURE, "it has no zip64 end record");
      count = agreed(count, 0xffff, record.getLong(32));
      size = agreed(size, IN_ZIP64, record.getLong(40));
      begin = agreed(begin, IN_ZIP64, record.getLong(48));
      return end64;
    }

    private static long agreed(long narrow, long inZip64, long wide) {
      require(wide >= 0 && (narrow == inZip64 || narrow == wide), "its two end records differ");
      return wide;
    }

    private static ZipEntryRecord entry(ByteBuffer directory) {
      require(directory.remaining() >= ENTRY_BYTES, "the directory ends within an entry");
      int at = directory.position();
      require(directory.getInt(at) == ENTRY_SIGNATURE, "no entry where the directory has one");
      int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
      int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
      int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
      int length = ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      require(directory.remaining() >= length, "the directory ends within an entry");
      long[] wide = {
        Integer.toUnsignedLong(directory.getInt(at + 24)),
        Integer.toUnsignedLong(directory.getInt(at + 20)),
        Integer.toUnsignedLong(directory.getInt(at + 42))
      };
      widen(wide, directory.slice(at + ENTRY_BYTES + nameBytes, extraBytes));
      directory.position(at + length);
      return new ZipEntryRecord(
          name(directory.slice(at + ENTRY_BYTES, nameBytes)),
          Short.toUnsignedInt(directory.getShort(at + 8)),
          Short.toUnsignedInt(directory.getShort(at + 10)),
          Integer.toUnsignedLong(directory.getInt(at + 16)),
          wide[1],
          wide[0],
          wide[2],
          0);
    }

    /**
     * Replaces fields that are full by those of the zip64 extra field, which come in this order.
     *
     * @param fields size, packed size, place of the header; modified
     */
    private static void widen(long[] fields, ByteBuffer extra) {
      extra.order(ByteOrder.LITTLE_ENDIAN);
      while (extra.remaining() >= 4) {
        int kind = Short.toUnsignedInt(extra.getShort());
        int length = Short.toUnsignedInt(extra.getShort());
        require(length <= extra.remaining(), "an extra field ends outside its entry");
        ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        extra.position(extra.position() + length);
        for (int i = 0; kind == ZIP64_EXTRA && i < fields.length; i++) {
          if (fields[i] == IN_ZIP64) {
            require(field.remaining() >= Long.BYTES, "a zip64 field is missing");
            fields[i] = field.getLong();
          }
        }
      }
    }

    private static String name(ByteBuffer bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("the name of an entry is not valid UTF-8", e);
      }
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        require(channel.read(bytes, at + bytes.position()) >= 0, "it ends too early");
      }
      return bytes.flip();
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalArgumentException(otherwise);
      }
    }
  }
}
