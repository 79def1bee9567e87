package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.WinogradTransforms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * The kernels of one vector width.
 *
 * @param lanes floats of a vector
 * @param winograd null where every convolution is to be computed straight from its definition
 */
record Kernels(
    int lanes,
    PanelProduct product,
    StridedProduct strided,
    RowFinish finish,
    WindowFold fold,
    WinogradTransforms winograd,
    LstmCell cell,
    ElementKernels elements) {
  /** The module the vector kernels need; it must be added by a flag as long as it incubates. */
  static final String MODULE = "jdk.incubator.vector";

  /** The block that stands for a vector where there is none. */
  private static final int SCALAR_BLOCK = 8;

  /** Asks for vectors of 16, 8 or 4 floats, or with 1 for none, whatever the machine has. */
  private static final String LANES = "diarist.cpu.lanes";

  /** The kernels that were asked for, those of this machine where none were. */
  static Kernels chosen() {
    return asked().orElseGet(Kernels::ofMachine);
  }

  /** The kernels of the width that the system property {@value #LANES} asks for. */
  static Optional<Kernels> asked() {
    return Optional.ofNullable(Integer.getInteger(LANES)).map(Kernels::ofLanes);
  }

  /** The widest kernels of this machine, scalar ones on a JVM without the vector module. */
  static Kernels ofMachine() {
    return Machine.KERNELS;
  }

  /** Chosen at first use, so that what there is to say is said once. */
  private static final class Machine {
    static final Kernels KERNELS = choose();

    private static Kernels choose() {
      if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
        return VectorPanelProduct.S.length() < 4 ? scalar(SCALAR_BLOCK) : vector();
      }
      System.getLogger(CpuBackend.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the networks run without vector instructions, several times slower:"
                  + " start the JVM with --add-modules "
                  + MODULE);
      return scalar(SCALAR_BLOCK);
    }
  }

  /**
   * The kernels of another width, whatever the machine prefers.
   *
   * @param lanes 16, 8 or 4; 1 stands for the scalar kernels
   * @throws IllegalArgumentException if there are no kernels of that width
   */
  static Kernels ofLanes(int lanes) {
    return switch (lanes) {
      case 1 -> scalar(SCALAR_BLOCK);
      case 4, 8, 16 ->
          new Kernels(
              lanes,
              copy(VectorPanelProduct.class, lanes, PanelProduct.class),
              copy(VectorStridedProduct.class, lanes, StridedProduct.class),
              copy(VectorRowFinish.class, lanes, RowFinish.class),
              copy(VectorWindowFold.class, lanes, WindowFold.class),
              copy(VectorWinograd.class, lanes, WinogradTransforms.class),
              copy(VectorLstmCell.class, lanes, LstmCell.class),
              copy(VectorElementKernels.class, lanes, ElementKernels.class));
      default -> throw new IllegalArgumentException("lanes must be 16, 8, 4 or 1, got " + lanes);
    };
  }

  /** The same without Winograd convolutions: what these do to a result is the difference. */
  Kernels withoutWinograd() {
    return new Kernels(lanes, product, strided, finish, fold, null, cell, elements);
  }

  /** Plain loops over blocks of {@code lanes}: the oracle of the vector kernels of that width. */
  static Kernels scalar(int lanes) {
    return new Kernels(
        lanes,
        new ScalarPanelProduct(lanes),
        new ScalarStridedProduct(lanes),
        new ScalarRowFinish(),
        new ScalarWindowFold(),
        new ScalarWinograd(lanes),
        new ScalarLstmCell(),
        new ScalarElementKernels());
  }

  private static Kernels vector() {
    return new Kernels(
        VectorPanelProduct.S.length(),
        new VectorPanelProduct(),
        new VectorStridedProduct(),
        new VectorRowFinish(),
        new VectorWindowFold(),
        new VectorWinograd(),
        new VectorLstmCell(),
        new VectorElementKernels());
  }

  /**
   * Another copy of a kernel class, for another width: the compiler turns vector code into vector
   * instructions only where the species is a constant, and a constant belongs to a class.
   */
  private static <T> T copy(Class<?> kernel, int lanes, Class<T> type) {
    try (InputStream file = kernel.getResourceAsStream(kernel.getSimpleName() + ".class")) {
      return type.cast(
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(file.readAllBytes(), lanes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot copy " + kernel, e);
    }
  }
}
