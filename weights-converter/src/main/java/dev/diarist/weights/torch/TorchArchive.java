package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The zip container of a checkpoint: one folder with {@code data.pkl}, {@code byteorder} and the
 * storages under {@code data/}. Sizes come from the central directory, because PyTorch leaves them
 * out of the entries' own headers.
 *
 * <p>Source: torch/serialization.py and caffe2/serialize/inline_container of PyTorch.
 */
final class TorchArchive implements AutoCloseable {
  private static final String PICKLE = "data.pkl";
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final Path file;
  private final ZipFile zip;
  private final AllocationBudget budget;
  private final String folder;

  private TorchArchive(Path file, ZipFile zip, AllocationBudget budget) throws WeightsException {
    this.file = file;
    this.zip = zip;
    this.budget = budget;
    List<String> names = zip.stream().map(ZipEntry::getName).toList();
    checkNamesDiffer(names);
    folder = folder(names);
    if (zip.getEntry(folder + "constants.pkl") != null) {
      throw error(
          "a TorchScript archive, which holds a program; a checkpoint written by torch.save of a"
              + " state dict is needed");
    }
  }

  static TorchArchive open(Path file, AllocationBudget budget) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new WeightsException(file + ": broken zip file: " + e.getMessage(), e);
    }
    try {
      return new TorchArchive(file, zip, budget);
    } catch (WeightsException e) {
      zip.close();
      throw e;
    }
  }

  byte[] pickle() throws IOException {
    ZipEntry entry = entry(PICKLE);
    if (entry.getSize() > Unpickler.MAX_BYTES) {
      throw error(
          "%s must have at most %d bytes, found %d"
              .formatted(PICKLE, Unpickler.MAX_BYTES, entry.getSize()));
    }
    return read(entry);
  }

  /** The order of bytes in the storages; archives that do not say are little-endian. */
  ByteOrder byteOrder() throws IOException {
    ZipEntry entry = zip.getEntry(folder + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order = new String(read(entry), StandardCharsets.US_ASCII);
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw error("byteorder must be 'little' or 'big', found '" + order + "'");
    };
  }

  /**
   * The bytes of a storage as they stand in the archive.
   *
   * @throws WeightsException if it is missing or has not exactly as many bytes as its pickle says
   */
  byte[] storage(TorchStorage storage) throws IOException {
    ZipEntry entry = entry("data/" + storage.key());
    long found = entry.getSize();
    if (found % storage.type().bytes() != 0
        || found / storage.type().bytes() != storage.elements()) {
      throw error(
          "storage '%s' must hold %d numbers of %s, found %d bytes"
              .formatted(storage.key(), storage.elements(), storage.type(), found));
    }
    return read(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private ZipEntry entry(String name) throws WeightsException {
    ZipEntry entry = zip.getEntry(folder + name);
    if (entry == null) {
      throw error("the archive has no entry '%s%s'".formatted(folder, name));
    }
    return entry;
  }

  private byte[] read(ZipEntry entry) throws IOException {
    long size = entry.getSize();
    if (size < 0 || size > LARGEST_ARRAY) {
      throw error(
          "entry '%s' must have at most %d bytes, found %s"
              .formatted(entry.getName(), LARGEST_ARRAY, Long.toUnsignedString(size)));
    }
    budget.spend("entry '" + entry.getName() + "'", size);
    byte[] bytes;
    boolean more;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes((int) size);
      more = in.read() >= 0;
    } catch (ZipException e) {
      throw new WeightsException(
          "%s: entry '%s' is damaged: %s".formatted(file, entry.getName(), e.getMessage()), e);
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    if (bytes.length != size || more || checksum.getValue() != entry.getCrc()) {
      throw error(
          "entry '%s' is damaged: its bytes do not match its size and checksum"
              .formatted(entry.getName()));
    }
    return bytes;
  }

  private void checkNamesDiffer(List<String> names) throws WeightsException {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw error("the archive has two entries '" + name + "'");
      }
    }
  }

  /** The folder, with its slash, that holds the pickle. */
  private String folder(List<String> names) throws WeightsException {
    List<String> pickles =
        names.stream()
            .filter(
                name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw error(
          "a PyTorch checkpoint is a zip file with one %s in one folder, found %d"
              .formatted(PICKLE, pickles.size()));
    }
    return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
