package dev.diarist.nn.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoChoiceTest {
  private static final TornadoInstallation NO_TORNADO =
      new TornadoInstallation(null, Map.of(), Optional.empty(), false);

  @TempDir private Path folder;
  private final FakeBackend gpu = new FakeBackend("tornado", true);
  private final FakeBackend cpu = new FakeBackend("cpu", false);
  private final FakeBackend slow = new FakeBackend("slow", false);

  AutoChoiceTest() {
    cpu.pauseMillis = 20; // slower than the GPU in the self-test
  }

  private AutoChoice choice() {
    return new AutoChoice(List.of(gpu, cpu, slow), new VerdictCache(folder));
  }

  /** The reason for which the CPU runs, which is the choice. */
  private String reason() {
    assertSame(cpu, choice().choose());
    return choice().assess(NO_TORNADO).getFirst().notUsed().orElseThrow();
  }

  @Test
  void aGpuThatPassesTheTestIsTakenWithTheCpuBehindIt() {
    assertEquals("cpu", assertInstanceOf(FallbackBackend.class, choice().choose()).second().name());
    assertEquals(
        List.of(
            Optional.empty(),
            Optional.of("auto prefers tornado"),
            Optional.of("auto prefers tornado")),
        choice().assess(NO_TORNADO).stream().map(Assessment::notUsed).toList());
  }

  @Test
  void theTestRunsOnceForADevice() {
    choice().choose();
    int runs = gpu.runs;
    assertTrue(runs > 0);
    assertInstanceOf(FallbackBackend.class, choice().choose());
    assertEquals(runs, gpu.runs);
    gpu.devices = List.of(new Device("Fake 1", true, "Driver 1.1"));
    choice().choose();
    assertEquals(2 * runs, gpu.runs);
  }

  @Test
  void whatKeepsItFromRunningIsTheReason() {
    gpu.unavailable = Optional.of("no driver");
    assertEquals("no driver", reason());
    assertEquals(0, gpu.runs);
  }

  @Test
  void aDeviceThatIsNoGpuIsForThoseWhoAskByName() {
    gpu.devices = List.of(new Device("a processor", false, "Driver 1.0"));
    assertEquals("a processor is no GPU; --backend tornado takes it nevertheless", reason());
    assertEquals(0, gpu.runs);
  }

  @Test
  void otherNumbersAreARefusalThatIsRemembered() {
    gpu.error = 0.01f;
    assertTrue(reason().startsWith("the self-test found other numbers than those of cpu: "));
    gpu.error = 0;
    assertTrue(reason().startsWith("the self-test found other numbers than those of cpu: "));
  }

  @Test
  void noNumberIsNoRightNumber() {
    gpu.error = Float.NaN;
    assertTrue(reason().startsWith("the self-test found other numbers than those of cpu: "));
  }

  @Test
  void aGpuThatIsSlowerIsNotTaken() {
    gpu.pauseMillis = 60;
    assertTrue(reason().startsWith("slower than cpu in the self-test: "));
  }

  @Test
  void aTestThatFailsIsTriedAgainNextTime() {
    gpu.goodRuns = 0;
    assertEquals("the self-test failed: the device is lost", reason());
    gpu.goodRuns = Integer.MAX_VALUE;
    assertInstanceOf(FallbackBackend.class, choice().choose());
  }

  @Test
  void aFileThatSaysSomethingElseIsTestedAgain() throws Exception {
    choice().choose();
    Path file;
    try (var files = java.nio.file.Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    java.nio.file.Files.writeString(file, "nonsense");
    int runs = gpu.runs;
    choice().choose();
    assertTrue(gpu.runs > runs);
  }

  @Test
  void aBackendThatWasNotBuiltIsListedWithItsReason() {
    AutoChoice without = new AutoChoice(List.of(cpu, slow), new VerdictCache(folder));
    List<Assessment> assessments = without.assess(NO_TORNADO);
    assertEquals("tornado", assessments.getFirst().backend());
    assertTrue(assessments.getFirst().notUsed().orElseThrow().startsWith("no TornadoVM: install"));
    assertEquals(new Assessment("cpu", List.of(), Optional.empty()), assessments.get(1));
  }
}
