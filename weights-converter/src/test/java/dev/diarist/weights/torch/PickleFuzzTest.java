package dev.diarist.weights.torch;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ReadingBounds;
import dev.diarist.weights.pickle.PickleException;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PickleFuzzTest {
  /** Larger attacks are tested as they are; changing them byte by byte would take all the time. */
  private static final int MAX_SEED_BYTES = 4096;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyPickleIsReadOrRefused(byte[] pickle) {
    ReadingBounds.check(pickle.length, () -> read(pickle));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void everyKnownAttackIsRefused(String name, byte[] pickle) {
    ReadingBounds.check(
        pickle.length, () -> assertThrows(WeightsException.class, () -> read(pickle)));
  }

  private static void read(byte[] pickle) throws IOException {
    Object root = Unpickler.read(pickle, "test", TorchGlobals.ALLOWED, TorchGlobals::storage);
    StateDict.tensors(Path.of("test"), root);
    try {
      PickleJson.write(root);
    } catch (IllegalArgumentException e) {
      throw new PickleException(e.getMessage(), e);
    }
  }

  static Stream<Arguments> attacks() {
    return PickleAttacks.all().entrySet().stream()
        .map(attack -> Arguments.of(attack.getKey(), attack.getValue()));
  }

  static Stream<Arguments> seeds() {
    TorchFile usual = new TorchFile();
    usual
        .pickle()
        .value(Map.of("state_dict", Map.of("x", usual.floats("0", new float[] {1, 2}, 2))));
    return Stream.concat(Stream.of(usual.pickle().end()), PickleAttacks.all().values().stream())
        .filter(pickle -> pickle.length <= MAX_SEED_BYTES)
        .map(pickle -> Arguments.of((Object) pickle));
  }
}
