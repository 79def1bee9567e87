package dev.diarist.weights.hub;

/** Sees how far a download is; called on the thread that downloads. */
@FunctionalInterface
public interface TransferListener {
  TransferListener NONE = (file, received, total) -> {};

  /**
   * @param file repository and path
   * @param received bytes so far, those of an earlier attempt too
   * @param total bytes of the file
   */
  void on(String file, long received, long total);
}
