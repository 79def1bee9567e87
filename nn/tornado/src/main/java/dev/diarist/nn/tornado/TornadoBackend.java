package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Device;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.backend.TornadoInstallation;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * The GPU backend: both networks as kernels in Java that TornadoVM compiles for the device at hand,
 * by OpenCL, CUDA, PTX, SPIR-V or Metal.
 *
 * <p>The result of an example does not depend on the batch it is in. On other devices the last bits
 * may differ.
 *
 * <p>This class alone may be loaded where TornadoVM is not: no other class of the package is
 * touched before {@link TornadoInstallation} finds nothing amiss.
 */
public final class TornadoBackend implements Backend {
  /** Enough examples to fill a large GPU, few enough for the memory of a small one. */
  private static final int BATCH = 32;

  /**
   * Asks with {@code false} for 3×3 convolutions straight from their definition, slower and a
   * little more exact.
   */
  private static final String WINOGRAD = "diarist.tornado.winograd";

  private final TornadoInstallation installation;
  private final boolean winograd = Boolean.parseBoolean(System.getProperty(WINOGRAD, "true"));
  private Found found;

  /** What became of the search for devices. */
  private record Found(List<Device> devices, Optional<String> failure) {}

  public TornadoBackend() {
    this(TornadoInstallation.ofProcess());
  }

  TornadoBackend(TornadoInstallation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return TornadoInstallation.NAME;
  }

  @Override
  public int rank() {
    return 20;
  }

  @Override
  public boolean forGpus() {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    return found().failure();
  }

  @Override
  public List<Device> devices() {
    return found().devices();
  }

  @Override
  public int preferredBatch(int threads) {
    return Math.max(threads, BATCH);
  }

  private synchronized Found found() {
    if (found == null) {
      Optional<String> reason = installation.unavailable();
      found = reason.isPresent() ? new Found(List.of(), reason) : search();
    }
    return found;
  }

  private Found search() {
    try {
      String version = installation.apiVersion().orElseThrow();
      List<Device> devices =
          TornadoDevices.all().stream()
              .map(device -> TornadoDevices.describe(device, version))
              .toList();
      return devices.isEmpty()
          ? new Found(devices, Optional.of("TornadoVM finds no device"))
          : new Found(devices, Optional.empty());
    } catch (Throwable e) { // absent classes and native libraries are errors, not exceptions
      return new Found(
          List.of(), Optional.of("TornadoVM does not start: " + DeviceFailure.sentence(e)));
    }
  }

  @Override
  public Program compile(Graph graph, Weights weights, Execution execution) {
    return DeviceProgram.onFirstDevice(graph, weights, winograd, execution);
  }
}
