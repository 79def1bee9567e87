package dev.diarist.nn.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** With the backends of this module alone. */
class BackendsTest {
  @Test
  void autoTakesTheCpuWhereNoGpuBackendIs() {
    assertEquals("cpu", Backends.choose(Backends.AUTO).name());
    List<Assessment> assessments = Backends.assess();
    assertEquals(
        List.of("tornado", "cpu", "nd4j"), assessments.stream().map(Assessment::backend).toList());
    assertTrue(assessments.get(0).notUsed().isPresent());
    assertTrue(assessments.get(1).notUsed().isEmpty());
    assertEquals("auto prefers cpu", assessments.get(2).notUsed().orElseThrow());
  }

  @Test
  void aGpuBackendThatIsAskedForAndAbsentIsAnErrorWithItsReason() {
    Backends.requireKnown("tornado");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Backends.choose("tornado")).getMessage();
    assertEquals(
        "backend tornado cannot run: " + TornadoInstallation.ofProcess().absent(), message);
  }

  @Test
  void aNameThatNobodyHasIsAnErrorThatListsThoseThatExist() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Backends.requireKnown("gpu"))
            .getMessage();
    assertEquals("backend must be one of auto, cpu, nd4j, got gpu", message);
  }
}
