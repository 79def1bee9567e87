package dev.diarist.nn.train;

/** One step of a network in training. */
interface Layer {

  /** Computes the output from the inputs and keeps what the way back needs. */
  void forward(Pass pass);

  /** Passes the gradient of the output on to the inputs, and adds to those of the parameters. */
  void backward(Pass pass);
}
