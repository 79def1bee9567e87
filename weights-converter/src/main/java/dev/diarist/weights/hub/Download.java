package dev.diarist.weights.hub;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Brings one file of a repository into a blob, going on where an earlier attempt ended. */
final class Download {
  private static final int BLOCK_BYTES = 1 << 16;

  /** Attempts in a row that bring no byte. */
  private static final int MAX_FRUITLESS = 4;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int PARTIAL = 206;
  private static final int BEYOND_END = 416;

  private final HubClient client;
  private final RepositoryName repository;
  private final HubFile file;
  private final TransferListener listener;

  Download(HubClient client, RepositoryName repository, HubFile file, TransferListener listener) {
    this.client = client;
    this.repository = repository;
    this.file = file;
    this.listener = listener;
  }

  /**
   * @param blob where the file goes once its checksum is right
   * @throws WeightsException if it comes shortened again and again, too long, or altered
   */
  void to(URI address, Path blob) throws IOException {
    if (Files.isRegularFile(blob)) {
      return;
    }
    Path incomplete = blob.resolveSibling(blob.getFileName() + ".incomplete");
    try (FileChannel channel =
        FileChannel.open(
            incomplete,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      lock(channel); // until it is closed
      if (Files.isRegularFile(blob)) {
        return; // another one was quicker
      }
      fill(channel, address);
      channel.force(true);
      if (!file.matches(incomplete)) {
        Files.delete(incomplete);
        throw error("its content does not match the checksum " + file.etag());
      }
      Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Waits for other processes, of which the system knows, and for other threads of this one. */
  private static void lock(FileChannel channel) throws IOException {
    for (boolean locked = false; !locked; ) {
      try {
        channel.lock();
        locked = true;
      } catch (OverlappingFileLockException e) {
        HubClient.sleep(BETWEEN_LOOKS);
      }
    }
  }

  private void fill(FileChannel channel, URI address) throws IOException {
    if (channel.size() > file.size()) {
      channel.truncate(0);
    }
    IOException last = null;
    for (int fruitless = 0; channel.size() < file.size(); ) {
      if (fruitless == MAX_FRUITLESS) {
        throw new WeightsException(
            "%s/%s: %s after %d of %d bytes; what came is kept, and the next attempt goes on from it"
                .formatted(
                    repository,
                    file.path(),
                    last instanceof HttpTimeoutException ? last.getMessage() : "ends",
                    channel.size(),
                    file.size()),
            last);
      }
      long before = channel.size();
      try {
        receive(channel, address);
      } catch (WeightsException | InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        last = e; // the connection broke: go on from here
      }
      fruitless = channel.size() > before ? 0 : fruitless + 1;
    }
  }

  private void receive(FileChannel channel, URI address) throws IOException {
    long from = channel.size();
    HttpResponse<InputStream> response = client.get(address, from);
    try (InputStream body = response.body()) {
      if (response.statusCode() == BEYOND_END) {
        channel.truncate(0);
        return;
      }
      client.requireSuccess(response, repository);
      boolean continues =
          response.statusCode() == PARTIAL
              && response
                  .headers()
                  .firstValue("Content-Range")
                  .orElse("")
                  .startsWith("bytes " + from + "-");
      if (!continues) {
        channel.truncate(0);
      }
      channel.position(channel.size());
      copy(body, channel);
    }
  }

  private void copy(InputStream body, FileChannel channel) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    for (int read = body.read(block); read >= 0; read = body.read(block)) {
      if (channel.position() + read > file.size()) {
        throw error("is longer than the %d bytes that were announced".formatted(file.size()));
      }
      ByteBuffer bytes = ByteBuffer.wrap(block, 0, read);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      listener.on(repository.path() + "/" + file.path(), channel.position(), file.size());
    }
  }

  private WeightsException error(String reason) {
    return new WeightsException("%s/%s: %s".formatted(repository, file.path(), reason));
  }
}
