package dev.diarist.nn.cpu;

/**
 * One step of a lowered graph, cut into items that any thread may run in any order: each writes
 * values that no other item of the step reads or writes, in an order of summation that depends
 * neither on the batch nor on how the step is cut.
 */
interface Step {

  /** How many items there are for {@code batch} examples. */
  int items(int batch);

  void run(int item, int batch, Scratch scratch);

  /** The examples one by one: the cut of steps that are cheap or hard to divide. */
  interface ForEachExample extends Step {
    @Override
    default int items(int batch) {
      return batch;
    }
  }
}
