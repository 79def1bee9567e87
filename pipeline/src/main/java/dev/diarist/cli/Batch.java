package dev.diarist.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Option;

/**
 * Does the same for each of many recordings, several at a time. What is said of them comes in their
 * order; one that fails does not stop the others.
 */
final class Batch {
  private static final int MAX_JOBS = 1024;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Recordings to work on at a time (default: 1); no result and no order depends on it.")
  private int jobs = 1;

  /** What is done with a recording, on any thread. */
  @FunctionalInterface
  interface Work {
    /**
     * @return what is left to do in the order of the recordings
     */
    Ending on(Path recording) throws IOException, ModelFailure;
  }

  /** The end of the work on a recording, on the thread of the command. */
  @FunctionalInterface
  interface Ending {
    void run() throws IOException;
  }

  /** The model cannot be used: the end, whatever the recordings are. */
  static final class ModelFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ModelFailure(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) super.getCause();
    }
  }

  /**
   * @throws IllegalArgumentException if the number of jobs is out of range
   */
  int jobs() {
    if (jobs < 1 || jobs > MAX_JOBS) {
      throw new IllegalArgumentException("--jobs must be from 1 to " + MAX_JOBS + ", got " + jobs);
    }
    return jobs;
  }

  /**
   * Does {@code work} for all recordings.
   *
   * @return 0, or 1 where a recording failed
   * @throws IOException if the model cannot be used
   */
  int run(List<Path> recordings, Surroundings surroundings, Work work) throws IOException {
    List<FutureTask<Ending>> tasks = new ArrayList<>();
    recordings.forEach(recording -> tasks.add(new FutureTask<>(() -> work.on(recording))));
    Map<Path, Throwable> failures = new LinkedHashMap<>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(jobs, Thread.ofPlatform().daemon().factory())) {
      try {
        if (jobs > 1) {
          tasks.forEach(workers::execute);
        }
        for (int i = 0; i < tasks.size(); i++) {
          FutureTask<Ending> task = tasks.set(i, null); // lets go of what it held
          if (jobs == 1) {
            task.run();
          }
          end(recordings.get(i), task, failures, surroundings);
        }
      } finally {
        workers.shutdownNow(); // nothing is left, or nothing of it is wanted
      }
    }
    if (failures.isEmpty()) {
      return 0;
    }
    if (recordings.size() > 1) {
      surroundings.tell(failures.size() + " of " + recordings.size() + " recordings failed:");
      failures.forEach(
          (recording, e) -> surroundings.err().println("  " + Failure.sentence(recording, e)));
      surroundings.err().flush();
    }
    return 1;
  }

  private static void end(
      Path recording,
      FutureTask<Ending> task,
      Map<Path, Throwable> failures,
      Surroundings surroundings)
      throws IOException {
    Throwable failure;
    try {
      task.get().run();
      return;
    } catch (ExecutionException e) {
      failure = e.getCause();
    } catch (IOException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
    switch (failure) {
      case ModelFailure e -> throw e.getCause();
      case Error e -> throw e;
      default -> {
        failures.put(recording, failure);
        surroundings.tell(Failure.sentence(recording, failure), failure);
      }
    }
  }
}
