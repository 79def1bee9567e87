package dev.diarist.nn.cpu;

/** A step that need not be given all the times of an image: see {@link HeardColumns}. */
interface Hearing extends Step {
  /** What is read; its columns are the times where it is an image. */
  Value x();

  /** The times of an example that are read, known once the inputs of a run are. */
  boolean[] heard(int example);
}
