package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import dev.diarist.weights.archive.ZipArchive;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The zip container of a checkpoint: one folder with {@code data.pkl}, {@code byteorder} and the
 * storages under {@code data/}.
 *
 * <p>Source: torch/serialization.py and caffe2/serialize/inline_container of PyTorch.
 */
final class TorchArchive implements TorchContainer {
  private static final String PICKLE = "data.pkl";

  private final Path file;
  private final ZipArchive zip;
  private final String folder;
  private final ByteOrder byteOrder;
  private final Object root;

  private TorchArchive(Path file, ZipArchive zip) throws IOException {
    this.file = file;
    this.zip = zip;
    folder = folder(zip.names());
    if (zip.contains(folder + "constants.pkl")) {
      throw error(
          "a TorchScript archive, which holds a program; a checkpoint written by torch.save of a"
              + " state dict is needed");
    }
    byteOrder = readByteOrder();
    root = Unpickler.read(pickle(), file.toString(), TorchGlobals.ALLOWED, TorchGlobals::storage);
  }

  static TorchArchive open(Path file, AllocationBudget budget) throws IOException {
    ZipArchive zip = ZipArchive.open(file, budget);
    try {
      return new TorchArchive(file, zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public ByteOrder byteOrder() {
    return byteOrder;
  }

  @Override
  public byte[] storage(TorchStorage storage) throws IOException {
    String name = folder + "data/" + storage.key();
    long found = zip.size(name);
    if (found % storage.type().bytes() != 0 || found / storage.type().bytes() != storage.total()) {
      throw error(
          "storage '%s' must hold %d numbers of %s, found %d bytes"
              .formatted(storage.key(), storage.total(), storage.type(), found));
    }
    return zip.read(name);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private byte[] pickle() throws IOException {
    long size = zip.size(folder + PICKLE);
    if (size > Unpickler.MAX_BYTES) {
      throw error(
          "%s must have at most %d bytes, found %d".formatted(PICKLE, Unpickler.MAX_BYTES, size));
    }
    return zip.read(folder + PICKLE);
  }

  /** The order of bytes in the storages; archives that do not say are little-endian. */
  private ByteOrder readByteOrder() throws IOException {
    String name = folder + "byteorder";
    if (!zip.contains(name)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order = new String(zip.read(name), StandardCharsets.US_ASCII);
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw error("byteorder must be 'little' or 'big', found '" + order + "'");
    };
  }

  /** The folder, with its slash, that holds the pickle. */
  private String folder(Set<String> names) throws WeightsException {
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
