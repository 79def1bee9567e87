package dev.diarist;

import dev.diarist.embedding.Embedder;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.segmentation.Segmenter;
import dev.diarist.weights.ModelFolder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * The two networks of a model, once for each recording that runs. All share weights and threads;
 * each has buffers of its own, which are made when as many recordings first run at a time, and
 * kept.
 */
final class NetworkPool implements AutoCloseable {
  private final int size;
  private final Networks first;
  private final Semaphore free;
  private final Deque<Networks> idle = new ArrayDeque<>(); // guarded by itself
  private volatile boolean closed;

  /** What serves one recording. */
  record Networks(Segmenter segmenter, Embedder embedder) {
    private Networks fork() {
      return new Networks(segmenter.fork(), embedder.fork());
    }
  }

  NetworkPool(ModelFolder model, DiarizerOptions options) {
    size = options.recordings();
    free = new Semaphore(size, true);
    Backend backend = Backends.choose(options.backend());
    Execution execution = new Execution(options.threads(), options.segmentation().batchSize());
    Segmenter segmenter =
        new Segmenter(
            model.segmentation(),
            options.stepRatioInMode(),
            options.segmentation().threshold(),
            backend,
            execution);
    try {
      Embedder embedder =
          new Embedder(
              model.embedding(),
              segmenter.chunkSamples(),
              segmenter.framesPerChunk(),
              segmenter.localSpeakers(),
              options.mode(),
              backend,
              options.threads());
      first = new Networks(segmenter, embedder);
    } catch (RuntimeException e) {
      segmenter.close();
      throw e;
    }
    idle.push(first);
  }

  /**
   * Networks for one recording, to be given back; waits while as many are out as there may be.
   *
   * @throws InterruptedException if this thread is interrupted before or while it waits
   * @throws IllegalStateException if the pool is closed
   */
  Networks take() throws InterruptedException {
    free.acquire();
    try {
      if (closed) {
        throw new IllegalStateException("the diarizer is closed");
      }
      synchronized (idle) {
        return idle.isEmpty() ? first.fork() : idle.pop();
      }
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  void giveBack(Networks networks) {
    synchronized (idle) {
      idle.push(networks);
    }
    free.release();
  }

  /** Waits for what is out: not to be called by what runs on a recording. */
  @Override
  public void close() {
    free.acquireUninterruptibly(size);
    try {
      if (!closed) {
        closed = true;
        first.segmenter().close();
        first.embedder().close();
      }
    } finally {
      free.release(size);
    }
  }
}
