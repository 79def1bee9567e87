package dev.diarist.nn.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a network in training: the caller and {@code threads − 1} daemons. Each takes the
 * next item when it is free. What an item computes may depend on its number alone, and no two items
 * write the same value, so that no result depends on the number of threads.
 */
final class Threads implements AutoCloseable {
  private final List<Scratch> scratches = new ArrayList<>();
  private final ExecutorService daemons;

  /** One part of a step. */
  @FunctionalInterface
  interface Item {
    void run(int item, Scratch scratch);
  }

  Threads(int threads) {
    for (int i = 0; i < threads; i++) {
      scratches.add(new Scratch());
    }
    daemons =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1, Thread.ofPlatform().daemon().name("diarist-train-", 1).factory());
  }

  /** Runs the items 0 to {@code items − 1}; what an item throws is thrown here. */
  void each(int items, Item task) {
    if (daemons == null || items == 1) {
      for (int i = 0; i < items; i++) {
        task.run(i, scratches.getFirst());
      }
      return;
    }
    AtomicInteger ticket = new AtomicInteger();
    List<Future<?>> others = new ArrayList<>();
    for (int t = 1; t < Math.min(items, scratches.size()); t++) {
      Scratch scratch = scratches.get(t);
      others.add(daemons.submit(() -> work(ticket, items, task, scratch)));
    }
    try {
      work(ticket, items, task, scratches.getFirst());
    } finally {
      ticket.set(items);
      await(others);
    }
  }

  private static void work(AtomicInteger ticket, int items, Item task, Scratch scratch) {
    for (int i = ticket.getAndIncrement(); i < items; i = ticket.getAndIncrement()) {
      task.run(i, scratch);
    }
  }

  private static void await(List<Future<?>> others) {
    RuntimeException failure = null;
    for (Future<?> other : others) {
      try {
        other.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        failure = (RuntimeException) e.getCause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new CancellationException("interrupted while a network was in training");
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    if (daemons != null) {
      daemons.shutdownNow();
    }
  }
}
