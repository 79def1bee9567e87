package dev.diarist.weights.archive;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip file that means one thing only: the central directory and the headers of the entries agree,
 * no two entries share a byte, no name occurs twice. Sizes come from the central directory, because
 * PyTorch leaves them out of the entries' own headers.
 *
 * <p>Source: the .ZIP file format specification 6.3.
 */
public final class ZipArchive implements AutoCloseable {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED_FLAG = 1;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final String file;
  private final FileChannel channel;
  private final AllocationBudget budget;
  private final Map<String, ZipEntryRecord> entries = new LinkedHashMap<>();

  private ZipArchive(String file, FileChannel channel, AllocationBudget budget) {
    this.file = file;
    this.channel = channel;
    this.budget = budget;
  }

  /**
   * @param budget what the archive, unpacked, may take
   * @throws WeightsException if the file is no such zip file; the message says why
   */
  public static ZipArchive open(Path file, AllocationBudget budget) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      ZipArchive archive = new ZipArchive(file.toString(), channel, budget);
      archive.readEntries();
      return archive;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The names of all entries, in the order of the central directory. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * Bytes of an entry, unpacked.
   *
   * @throws WeightsException if there is no such entry
   */
  public long size(String name) throws WeightsException {
    return entry(name).size();
  }

  /**
   * The bytes of an entry, unpacked.
   *
   * @throws WeightsException if there is no such entry, it is damaged, or too large
   */
  public byte[] read(String name) throws IOException {
    ZipEntryRecord entry = entry(name);
    if (entry.size() > LARGEST_ARRAY) {
      throw error(
          "entry '%s' must have at most %d bytes, found %d"
              .formatted(name, LARGEST_ARRAY, entry.size()));
    }
    String what = "entry '" + name + "'";
    budget.spend(what, entry.size());
    byte[] bytes;
    if (entry.method() == STORED) {
      bytes = bytes(entry.dataBegin(), (int) entry.size());
    } else {
      budget.spend(what, entry.packedSize());
      bytes = inflate(entry, bytes(entry.dataBegin(), Math.toIntExact(entry.packedSize())));
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    if (checksum.getValue() != entry.checksum()) {
      throw damaged(entry);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void readEntries() throws IOException {
    ZipDirectory directory = ZipDirectory.of(file, channel);
    EntryNames names = new EntryNames(file);
    for (ZipEntryRecord listed : directory.entries()) {
      ZipEntryRecord entry = withData(listed, directory.begin());
      entries.put(names.add(entry.name()), entry);
    }
    List<ZipEntryRecord> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingLong(ZipEntryRecord::headerBegin));
    for (int i = 1; i < byPlace.size(); i++) {
      ZipEntryRecord before = byPlace.get(i - 1);
      if (before.dataBegin() + before.packedSize() > byPlace.get(i).headerBegin()) {
        throw error(
            "entries '%s' and '%s' overlap".formatted(before.name(), byPlace.get(i).name()));
      }
    }
  }

  /** Checks an entry's own header against the directory and finds where its bytes begin. */
  private ZipEntryRecord withData(ZipEntryRecord listed, long end) throws IOException {
    if (listed.method() != STORED && listed.method() != DEFLATED
        || (listed.flags() & ENCRYPTED_FLAG) != 0) {
      throw error(
          "entry '%s' must be stored or deflated and not encrypted".formatted(listed.name()));
    }
    if (listed.headerBegin() < 0 || listed.headerBegin() > end - LOCAL_BYTES) {
      throw error("the header of entry '%s' lies outside the file".formatted(listed.name()));
    }
    ByteBuffer header = little(bytes(listed.headerBegin(), LOCAL_BYTES));
    int nameBytes = Short.toUnsignedInt(header.getShort(26));
    int extraBytes = Short.toUnsignedInt(header.getShort(28));
    long dataBegin = listed.headerBegin() + LOCAL_BYTES + nameBytes + extraBytes;
    boolean agrees =
        header.getInt(0) == LOCAL_SIGNATURE
            && Short.toUnsignedInt(header.getShort(8)) == listed.method()
            && (header.getShort(6) & ENCRYPTED_FLAG) == 0
            && dataBegin <= end
            && listed.hasName(bytes(listed.headerBegin() + LOCAL_BYTES, nameBytes))
            && agrees(header.getInt(14), listed.checksum())
            && agrees(header.getInt(18), listed.packedSize())
            && agrees(header.getInt(22), listed.size());
    if (!agrees) {
      throw error(
          "the header of entry '%s' does not agree with the archive's directory"
              .formatted(listed.name()));
    }
    boolean fits = listed.packedSize() >= 0 && listed.packedSize() <= end - dataBegin;
    if (!fits || listed.size() < 0 || listed.method() == STORED && !listed.isPlain()) {
      throw error(
          "entry '%s' has impossible sizes: %d bytes, %d packed"
              .formatted(listed.name(), listed.size(), listed.packedSize()));
    }
    return listed.withDataBegin(dataBegin);
  }

  /** A header may leave a field to what follows the data (0) or to zip64 (all ones). */
  private static boolean agrees(int field, long listed) {
    return field == 0 || field == -1 || Integer.toUnsignedLong(field) == listed;
  }

  private byte[] inflate(ZipEntryRecord entry, byte[] packed) throws WeightsException {
    byte[] bytes = new byte[(int) entry.size()];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed);
      int done = 0;
      while (done < bytes.length) {
        int more = inflater.inflate(bytes, done, bytes.length - done);
        if (more == 0) {
          throw damaged(entry);
        }
        done += more;
      }
      // The stream must end here: not one byte more in it, and none behind it.
      int beyond = inflater.inflate(new byte[1]);
      if (beyond != 0 || !inflater.finished() || inflater.getRemaining() != 0) {
        throw damaged(entry);
      }
    } catch (DataFormatException e) {
      throw new WeightsException(
          "%s: entry '%s' is damaged: %s".formatted(file, entry.name(), e.getMessage()), e);
    }
    return bytes;
  }

  private byte[] bytes(long begin, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer target = ByteBuffer.wrap(bytes);
    while (target.hasRemaining()) {
      if (channel.read(target, begin + target.position()) < 0) {
        throw error("the file ends within an entry");
      }
    }
    return bytes;
  }

  private ZipEntryRecord entry(String name) throws WeightsException {
    ZipEntryRecord entry = entries.get(name);
    if (entry == null) {
      throw error("the archive has no entry '%s'".formatted(name));
    }
    return entry;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private WeightsException damaged(ZipEntryRecord entry) {
    return error(
        "entry '%s' is damaged: its bytes do not match its size and checksum"
            .formatted(entry.name()));
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
