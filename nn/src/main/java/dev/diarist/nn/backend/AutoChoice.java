package dev.diarist.nn.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The choice of {@code auto}: the first backend that nothing speaks against. What speaks against
 * one for GPUs is, besides what it says itself, that its device is no GPU, or what {@link SelfTest}
 * found.
 */
final class AutoChoice {
  private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

  /** What was said in this process, and is not said again. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private final List<Backend> backends;
  private final VerdictCache verdicts;

  /**
   * @param backends the preferred ones first
   */
  AutoChoice(List<Backend> backends, VerdictCache verdicts) {
    this.backends = List.copyOf(backends);
    this.verdicts = verdicts;
  }

  /**
   * @throws IllegalArgumentException if no backend works
   */
  Backend choose() {
    for (Backend backend : backends) {
      Optional<String> reason = against(backend);
      if (reason.isPresent()) {
        String line = label(backend) + " not used: " + reason.get();
        if (SAID.add(line)) {
          LOGGER.log(System.Logger.Level.INFO, line);
        }
      } else if (backend.forGpus()) {
        return new FallbackBackend(backend, reference().orElseThrow());
      } else {
        return backend;
      }
    }
    throw new IllegalArgumentException("no backend works on this machine");
  }

  /**
   * @param tornado says why its backend is not there, if it is not
   */
  List<Assessment> assess(TornadoInstallation tornado) {
    List<Assessment> assessments = new ArrayList<>();
    String chosen = null;
    for (Backend backend : backends) {
      Optional<String> reason = against(backend);
      if (reason.isEmpty() && chosen != null) {
        reason = Optional.of("auto prefers " + chosen);
      } else if (reason.isEmpty()) {
        chosen = backend.name();
      }
      assessments.add(new Assessment(backend.name(), backend.devices(), reason));
    }
    if (backends.stream().noneMatch(b -> b.name().equals(TornadoInstallation.NAME))) {
      assessments.addFirst(
          new Assessment(TornadoInstallation.NAME, List.of(), Optional.of(tornado.absent())));
    }
    return assessments;
  }

  private static String label(Backend backend) {
    return backend.forGpus() ? "GPU" : "backend " + backend.name();
  }

  /** Why a backend is not used. */
  private Optional<String> against(Backend backend) {
    Optional<String> reason = backend.unavailable();
    if (reason.isPresent() || !backend.forGpus()) {
      return reason;
    }
    if (backend.devices().isEmpty()) {
      return Optional.of("backend " + backend.name() + " finds no device");
    }
    Device device = backend.devices().getFirst();
    if (!device.gpu()) {
      return Optional.of(
          device.name() + " is no GPU; --backend " + backend.name() + " takes it nevertheless");
    }
    return reference()
        .map(reference -> verdicts.verdict(backend, device, () -> test(backend, reference)))
        .orElse(Optional.of("there is no other backend to compare it with"));
  }

  private static SelfTest.Verdict test(Backend backend, Backend reference) {
    LOGGER.log(
        System.Logger.Level.INFO,
        "backend {0} is compared with {1}, once for this device",
        backend.name(),
        reference.name());
    return SelfTest.compare(backend, reference);
  }

  /** The best backend that needs no GPU. */
  private Optional<Backend> reference() {
    return backends.stream()
        .filter(backend -> !backend.forGpus() && backend.unavailable().isEmpty())
        .findFirst();
  }
}
