package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.diarist.SpeakerBounds;
import dev.diarist.embedding.Embeddings;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A clustering of hours of audio ends soon after the thread that asked for it is interrupted. */
@Timeout(300)
class CancellationTest {
  /** Would take a minute and more with any method. */
  private static final int EMBEDDINGS = 40_000;

  /** With a matrix of distances, which the heap of the tests holds. */
  private static final int EMBEDDINGS_OF_A_MATRIX = 10_000;

  private static final int DIMENSION = 256;

  /** A second of all processors: what else the machine does must not matter. */
  private static final long MAX_MILLIS = 1000L * Runtime.getRuntime().availableProcessors();

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @ParameterizedTest
  @CsvSource({
    "CENTROID, 0, 50",
    "CENTROID, 0, 700",
    "CENTROID, 0, 3000",
    "CENTROID, 1e9, 300",
    "CENTROID, 1e9, 2000",
    "WARD, 1e9, 2000",
    "AVERAGE, 1e9, 300",
    "SINGLE, 1e9, 300",
  })
  void anInterruptEndsAClusteringWithinASecond(
      LinkageMethod method, double maxMatrixBytes, int afterMillis) throws InterruptedException {
    Embeddings embeddings = random(maxMatrixBytes > 0 ? EMBEDDINGS_OF_A_MATRIX : EMBEDDINGS);
    BitSet active = new BitSet();
    active.set(0, embeddings.rows().length);
    AgglomerativeClustering clustering = AgglomerativeClustering.DEFAULT.withMethod(method);
    AtomicReference<Throwable> ending = new AtomicReference<>();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    clustering.cluster(
                        embeddings, active, SpeakerBounds.AUTO, (long) maxMatrixBytes);
                  } catch (CancellationException e) {
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                    ending.set(e);
                  } catch (RuntimeException | Error e) {
                    ending.set(e);
                  }
                });
    Thread.sleep(afterMillis);
    assertTrue(worker.isAlive(), "there is something left to cancel");
    long interrupted = PROCESS.getProcessCpuTime();
    worker.interrupt();
    worker.join();
    long millis = TimeUnit.NANOSECONDS.toMillis(PROCESS.getProcessCpuTime() - interrupted);
    assertInstanceOf(CancellationException.class, ending.get());
    assertTrue(stillInterrupted.get(), "the thread stays interrupted");
    assertTrue(millis < MAX_MILLIS, millis + " ms of processor time");
  }

  private static Embeddings random(int count) {
    Random random = new Random(count);
    float[][] rows = new float[count][DIMENSION];
    for (float[] row : rows) {
      for (int d = 0; d < DIMENSION; d++) {
        row[d] = (float) random.nextGaussian();
      }
    }
    return new Embeddings(count, 1, DIMENSION, rows);
  }
}
