package dev.diarist.weights.torch;

import java.io.IOException;
import java.nio.ByteOrder;

/** What PyTorch wraps around an object and its storages. */
interface TorchContainer extends AutoCloseable {
  /** The unpickled object. */
  Object root();

  ByteOrder byteOrder();

  /**
   * The bytes of everything under the key of a storage, as they stand in the file.
   *
   * @throws dev.diarist.nn.weights.WeightsException if there is none, or it has another length
   */
  byte[] storage(TorchStorage storage) throws IOException;

  @Override
  void close() throws IOException;
}
