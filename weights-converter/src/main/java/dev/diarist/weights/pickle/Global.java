package dev.diarist.weights.pickle;

/** A name from the allow-list as it lies on the pickle's stack, with what stands in for it. */
public record Global(String name, Constructor constructor) {}
