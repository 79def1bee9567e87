package dev.diarist.nn.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a program and its forks: the callers of {@link #run} and {@code threads − 1}
 * daemons. Each takes the next item when it is free, so that a core taken by another process slows
 * nothing but its own items; a step begins when the last item of the one before it is done.
 *
 * <p>With several callers at a time, each works at its own run, and as many daemons rest as there
 * are callers beyond the first, so that no more than {@code threads} compute where there are no
 * more callers.
 */
final class Workers implements AutoCloseable {
  /** Looks at the ticket before a waiting thread lets go of its core: about 10 µs. */
  private static final int SPINS = 200;

  private static final long PAUSE_NANOS = 20_000;

  private final Thread[] daemons;

  /** The memory of callers, one for each that ever ran beside others. */
  private final Queue<Scratch> idle = new ConcurrentLinkedQueue<>();

  /** The runs in progress; replaced, not modified. */
  private volatile List<Job> current = List.of();

  private volatile boolean closed;

  Workers(int threads) {
    ThreadFactory factory = Thread.ofPlatform().daemon().name("diarist-cpu-", 1).factory();
    daemons = new Thread[threads - 1];
    for (int i = 0; i < daemons.length; i++) {
      int helper = i + 1;
      daemons[i] = factory.newThread(() -> serve(helper));
      daemons[i].start();
    }
  }

  /** Runs the steps one after the other; what an item throws is thrown here. */
  void run(List<Step> steps, int batch) {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    Job job = new Job(steps, batch);
    add(job);
    Scratch scratch = Objects.requireNonNullElseGet(idle.poll(), Scratch::new);
    try {
      job.work(scratch);
    } finally {
      idle.add(scratch);
      remove(job);
    }
    switch (job.failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private synchronized void add(Job job) {
    List<Job> more = new ArrayList<>(current);
    more.add(job);
    current = List.copyOf(more);
    wake();
  }

  private synchronized void remove(Job job) {
    current = current.stream().filter(other -> other != job).toList();
    if (!current.isEmpty()) {
      wake(); // a daemon that rested may help those that go on
    }
  }

  /**
   * @param helper number of the daemon, from 1
   */
  private void serve(int helper) {
    Scratch scratch = new Scratch();
    while (!closed) {
      Job next = next(helper);
      if (next == null) {
        LockSupport.park(this);
      } else {
        next.work(scratch);
      }
    }
  }

  /**
   * A run to help with; null where there is none, or more than {@code threads − helper} callers.
   */
  private Job next(int helper) {
    List<Job> jobs = current;
    if (helper + jobs.size() > daemons.length + 1) {
      return null;
    }
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get((helper + i) % jobs.size()); // each begins with another
      if (!job.isDone()) {
        return job;
      }
    }
    return null;
  }

  private void wake() {
    for (Thread daemon : daemons) {
      LockSupport.unpark(daemon);
    }
  }

  @Override
  public void close() {
    closed = true;
    wake();
  }

  /** One pass over the steps. */
  private static final class Job {
    private final List<Step> steps;
    private final int[] items;
    private final int batch;

    /** The step in progress in the upper half, its next item in the lower half. */
    private final AtomicLong ticket = new AtomicLong();

    /** Items of the step in progress that are not done. */
    private final AtomicInteger remaining = new AtomicInteger();

    private volatile Throwable failure;

    Job(List<Step> steps, int batch) {
      this.steps = steps;
      this.batch = batch;
      this.items = steps.stream().mapToInt(step -> step.items(batch)).toArray();
      begin(0);
    }

    /** Begins a step, or the first one after it that has items. */
    private void begin(int from) {
      int step = from;
      while (step < items.length && items[step] == 0) {
        step++;
      }
      if (step < items.length) {
        remaining.set(items[step]); // before the ticket lets anyone take an item
      }
      ticket.set((long) step << 32);
    }

    boolean isDone() {
      return ticket.get() >>> 32 >= items.length;
    }

    /** Takes items until no step is left. */
    void work(Scratch scratch) {
      for (long now = ticket.get(); now >>> 32 < items.length; now = ticket.get()) {
        int step = (int) (now >>> 32);
        int item = (int) now;
        if (item >= items[step]) {
          await(step);
        } else if (ticket.compareAndSet(now, now + 1)) {
          attempt(step, item, scratch);
          if (remaining.decrementAndGet() == 0) {
            begin(step + 1);
          }
        }
      }
    }

    private void attempt(int step, int item, Scratch scratch) {
      if (failure != null) {
        return;
      }
      try {
        steps.get(step).run(item, batch, scratch);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    private void await(int step) {
      for (int i = 0; ticket.get() >>> 32 == step; i++) {
        if (i < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }
}
