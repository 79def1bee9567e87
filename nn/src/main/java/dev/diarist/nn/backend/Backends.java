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
   * line for each one passed over. One for GPUs comes with another that takes over when it fails.
   *
   * @throws IllegalArgumentException if the name is unknown or that backend cannot run here
   */
  public static Backend choose(String name) {
    return name.equals(AUTO) ? new AutoChoice(all(), VerdictCache.ofUser()).choose() : named(name);
  }

  /**
   * Checks a name without starting any backend.
   *
   * @throws IllegalArgumentException if it is neither {@value #AUTO} nor the name of a backend
   */
  public static void requireKnown(String name) {
    List<String> names = all().stream().map(Backend::name).toList();
    boolean known = names.contains(name) || name.equals(TornadoInstallation.NAME);
    if (!name.equals(AUTO) && !known) {
      throw new IllegalArgumentException(
          "backend must be one of " + AUTO + ", " + String.join(", ", names) + ", got " + name);
    }
  }

  /**
   * Begins, in the background, what makes the first run of the best backend that needs no GPU
   * faster; chooses nothing and tests nothing.
   */
  public static void warmUp() {
    all().stream()
        .filter(backend -> !backend.forGpus() && backend.unavailable().isEmpty())
        .findFirst()
        .ifPresent(Backend::warmUp);
  }

  /** What {@code auto} makes of each backend, in its order, and of one that was not built. */
  public static List<Assessment> assess() {
    return new AutoChoice(all(), VerdictCache.ofUser()).assess(TornadoInstallation.ofProcess());
  }

  private static Backend named(String name) {
    requireKnown(name);
    Optional<Backend> backend =
        all().stream().filter(candidate -> candidate.name().equals(name)).findFirst();
    Optional<String> reason =
        backend.isPresent()
            ? backend.get().unavailable()
            : Optional.of(TornadoInstallation.ofProcess().absent());
    if (reason.isPresent()) {
      throw new IllegalArgumentException("backend " + name + " cannot run: " + reason.get());
    }
    return backend.orElseThrow();
  }
}
