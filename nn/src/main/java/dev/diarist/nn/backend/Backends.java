package dev.diarist.nn.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The backends of this installation, and the choice among them. */
public final class Backends {
  /** The name that stands for the best backend that works. */
  public static final String AUTO = "auto";

  private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

  private Backends() {}

  /** Every backend found, the preferred ones first. */
  public static List<Backend> all() {
    List<Backend> all = new ArrayList<>();
    ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).forEach(all::add);
    all.sort(Comparator.comparingInt(Backend::rank).reversed());
    return all;
  }

  /**
   * The backend of that name; for {@value #AUTO} the one of the highest rank that works, with a log
   * line for each one passed over.
   *
   * @throws IllegalArgumentException if the name is unknown or that backend cannot run here
   */
  public static Backend choose(String name) {
    return name.equals(AUTO) ? best() : named(name);
  }

  /**
   * Checks a name without starting any backend.
   *
   * @throws IllegalArgumentException if it is neither {@value #AUTO} nor the name of a backend
   */
  public static void requireKnown(String name) {
    List<String> names = all().stream().map(Backend::name).toList();
    if (!name.equals(AUTO) && !names.contains(name)) {
      throw new IllegalArgumentException(
          "backend must be one of " + AUTO + ", " + String.join(", ", names) + ", got " + name);
    }
  }

  private static Backend best() {
    for (Backend backend : all()) {
      Optional<String> reason = backend.unavailable();
      if (reason.isEmpty()) {
        return backend;
      }
      LOGGER.log(
          System.Logger.Level.INFO, "backend {0} not used: {1}", backend.name(), reason.get());
    }
    throw new IllegalArgumentException("no backend works on this machine");
  }

  private static Backend named(String name) {
    requireKnown(name);
    Backend backend =
        all().stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElseThrow();
    backend
        .unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("backend " + name + " cannot run: " + reason);
            });
    return backend;
  }
}
