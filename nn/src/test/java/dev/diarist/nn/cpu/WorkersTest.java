package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  private interface Work {
    void run(int item);
  }

  private static Step step(int items, Work work) {
    return new Step() {
      @Override
      public int items(int batch) {
        return items * batch;
      }

      @Override
      public void run(int item, int batch, Scratch scratch) {
        work.run(item);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyItemRunsOnceAndAfterAllOfTheStepBefore(int threads) {
    int steps = 50;
    AtomicIntegerArray done = new AtomicIntegerArray(steps);
    AtomicInteger tooEarly = new AtomicInteger();
    List<Step> list = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int s = i;
      list.add(
          step(
              7,
              item -> {
                if (s > 0 && done.get(s - 1) != 14) {
                  tooEarly.incrementAndGet();
                }
                done.incrementAndGet(s);
              }));
    }
    try (Workers workers = new Workers(threads)) {
      for (int run = 0; run < 20; run++) {
        for (int s = 0; s < steps; s++) {
          done.set(s, 0);
        }
        workers.run(list, 2);
        for (int s = 0; s < steps; s++) {
          assertEquals(14, done.get(s));
        }
      }
    }
    assertEquals(0, tooEarly.get());
  }

  @Test
  void whatAnItemThrowsIsThrownAndTheNextRunWorks() {
    RuntimeException failure = new RuntimeException("broken");
    AtomicInteger after = new AtomicInteger();
    try (Workers workers = new Workers(2)) {
      Step broken =
          step(
              5,
              item -> {
                if (item == 3) {
                  throw failure;
                }
              });
      Step next = step(5, item -> after.incrementAndGet());
      assertSame(
          failure,
          assertThrows(RuntimeException.class, () -> workers.run(List.of(broken, next), 1)));
      assertEquals(0, after.get());
      workers.run(List.of(next), 1);
      assertEquals(5, after.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void severalCallersRunBesideEachOther(int threads) {
    int callers = 3;
    int runs = 50;
    AtomicInteger items = new AtomicInteger();
    AtomicIntegerArray tooEarly = new AtomicIntegerArray(callers);
    try (Workers workers = new Workers(threads)) {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        int caller = c;
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int run = 0; run < runs; run++) {
                    AtomicInteger first = new AtomicInteger();
                    Step before = step(5, item -> first.incrementAndGet());
                    Step after =
                        step(
                            3,
                            item -> {
                              items.incrementAndGet();
                              if (first.get() != 5) {
                                tooEarly.incrementAndGet(caller);
                              }
                            });
                    workers.run(List.of(before, after), 1);
                  }
                }));
      }
      running.forEach(CompletableFuture::join);
    }
    assertEquals(callers * runs * 3, items.get());
    for (int c = 0; c < callers; c++) {
      assertEquals(0, tooEarly.get(c));
    }
  }

  @Test
  void aClosedProgramRunsNoMoreAndLeavesNoThread() throws InterruptedException {
    Workers workers = new Workers(3);
    workers.run(List.of(step(4, item -> {})), 1);
    workers.close();
    assertThrows(IllegalStateException.class, () -> workers.run(List.of(), 1));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("diarist-cpu-")) {
        thread.join(5000);
        assertFalse(thread.isAlive());
      }
    }
  }
}
