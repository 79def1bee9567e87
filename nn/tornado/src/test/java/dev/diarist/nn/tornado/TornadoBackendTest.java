package dev.diarist.nn.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.TornadoInstallation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/** What holds with any device and with none. */
class TornadoBackendTest {
  @Test
  void itIsFoundByItsName() {
    assertTrue(Backends.all().stream().anyMatch(TornadoBackend.class::isInstance));
    assertEquals("tornado", new TornadoBackend().name());
  }

  @Test
  void whatIsAmissIsSaidBeforeTornadoVmIsTouched() {
    TornadoInstallation none = new TornadoInstallation(null, Map.of(), Optional.empty(), false);
    TornadoBackend backend = new TornadoBackend(none);
    assertTrue(backend.unavailable().orElseThrow().startsWith("no TornadoVM: install"));
    assertEquals(List.of(), backend.devices());
  }

  @Test
  void aRunHasManyExamples() {
    assertEquals(32, new TornadoBackend().preferredBatch(2));
    assertEquals(64, new TornadoBackend().preferredBatch(64));
  }

  @Test
  void memoryIsReadAsTornadoVmReadsIt() {
    assertEquals(4L << 30, DeviceMemory.bytes("4GB"));
    assertEquals(512L << 20, DeviceMemory.bytes("512MB"));
    assertEquals(3L << 10, DeviceMemory.bytes("3KB"));
    assertEquals(77, DeviceMemory.bytes("77"));
    assertThrows(IllegalArgumentException.class, () -> DeviceMemory.bytes("much"));
  }

  @Test
  void whatTornadoVmThrowsIsOneSentence() {
    Throwable failure =
        new RuntimeException("outer", new TornadoInternalError("\u001B[31mno\n platform\u001B[0m"));
    assertEquals("TornadoInternalError: no platform", DeviceFailure.sentence(failure));
    String message =
        assertThrows(
                IllegalStateException.class,
                () ->
                    DeviceFailure.told(
                        () -> {
                          throw new TornadoInternalError("no platform");
                        }))
            .getMessage();
    assertEquals("TornadoVM failed: TornadoInternalError: no platform", message);
  }

  @Test
  void fullMemoryIsToldApart() {
    assertThrows(
        TornadoOutOfMemoryException.class,
        () ->
            DeviceFailure.told(
                () -> {
                  throw new TornadoOutOfMemoryException("full");
                }));
  }
}
