package dev.diarist.nn.train;

/**
 * The mean of a loss over a batch, and its gradient by the output of the network, in the same
 * places; not modified.
 */
public record LossValue(double value, float[] gradient) {}
