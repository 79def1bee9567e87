package dev.diarist.weights;

import com.sun.management.ThreadMXBean;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What reading any bytes must keep to: it succeeds or throws a {@link WeightsException}, takes at
 * most a second, and allocates at most twice the file and a constant.
 */
public final class ReadingBounds {
  private static final long MAX_NANOS = 1_000_000_000;

  /**
   * What may be allocated for any file: the slack for small ones and the limits of the readers.
   * While Jazzer fuzzes, its instrumentation allocates on the same thread, many times as much;
   * {@link FuzzCorpusTest} reads what it finds again without.
   */
  private static final long CONSTANT_BYTES =
      "1".equals(System.getenv("JAZZER_FUZZ")) ? 1L << 30 : 32L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ReadingBounds() {}

  /** Something that reads. */
  public interface Reading {
    void run() throws IOException;
  }

  /** Something that reads a file. */
  public interface FileReading {
    void run(Path file) throws IOException;
  }

  /**
   * @throws AssertionError if a bound is exceeded
   */
  public static void check(int fileBytes, Reading reading) {
    long nanos = THREADS.getCurrentThreadCpuTime();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.run();
    } catch (WeightsException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    } catch (IOException e) {
      throw new AssertionError("a failure that is no WeightsException", e);
    }
    long tookBytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    long tookNanos = THREADS.getCurrentThreadCpuTime() - nanos;
    if (tookNanos > MAX_NANOS) {
      throw new AssertionError("took %d ms".formatted(tookNanos / 1_000_000));
    }
    if (tookBytes > 2L * fileBytes + CONSTANT_BYTES) {
      throw new AssertionError("allocated %d bytes for %d".formatted(tookBytes, fileBytes));
    }
  }

  /** As {@link #check}, for a reader of files. */
  public static void checkFile(byte[] content, FileReading reading) throws IOException {
    Path file = Files.createTempFile("fuzz", ".bin");
    try {
      Files.write(file, content);
      check(content.length, () -> reading.run(file));
    } finally {
      Files.delete(file);
    }
  }
}
