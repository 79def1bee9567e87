package dev.diarist.weights.hub;

import java.time.Duration;

/**
 * How long the hub is waited for.
 *
 * @param connection until it takes the connection
 * @param answer until it begins to answer
 * @param next until the next bytes of an answer come
 */
record Patience(Duration connection, Duration answer, Duration next) {
  static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(30));
}
