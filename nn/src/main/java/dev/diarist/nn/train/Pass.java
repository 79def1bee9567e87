package dev.diarist.nn.train;

/**
 * One way through a network, forward and back.
 *
 * @param batch examples
 * @param training whether batch norms take the statistics of the batch, and values are dropped
 * @param dropout what is dropped
 * @param threads that share the work
 * @param pool arrays for gradients and partial sums
 */
record Pass(int batch, boolean training, Dropout dropout, Threads threads, FloatPool pool) {}
