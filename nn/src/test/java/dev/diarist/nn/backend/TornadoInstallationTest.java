package dev.diarist.nn.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way for TornadoVM not to be there, and what is said of it. */
class TornadoInstallationTest {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "tornado.load.runtime.implementation", "some.Runtime",
          "tornado.recover.bailout", "False");
  private static final Optional<String> VERSION = Optional.of("5.2.0-jdk25");

  private static String reason(
      String home, Map<String, String> properties, Optional<String> version, boolean runtime) {
    return new TornadoInstallation(home, properties, version, runtime)
        .unavailable()
        .orElse("nothing");
  }

  @Test
  void whereEverythingIsThereNothingSpeaksAgainstIt() {
    assertEquals("nothing", reason("/opt/tornado", OPTIONS, VERSION, true));
    assertEquals("nothing", reason(null, OPTIONS, Optional.of("5.2.7"), true));
  }

  @Test
  void noTornadoVm() {
    assertEquals(
        "no TornadoVM: install TornadoVM 5.2 and let TORNADOVM_HOME name its folder",
        reason(null, Map.of(), Optional.empty(), false));
  }

  @Test
  void noArgfile() {
    String expected =
        "Java was started without TornadoVM's options: add @$TORNADOVM_HOME/tornado-argfile";
    assertEquals(expected, reason("/opt/tornado", Map.of(), Optional.empty(), false));
    assertEquals(expected, reason("/opt/tornado", OPTIONS, VERSION, false));
  }

  @Test
  void noApi() {
    assertEquals(
        "TornadoVM's API (module tornado.api) is not among Java's modules",
        reason("/opt/tornado", OPTIONS, Optional.empty(), true));
  }

  @Test
  void anotherVersion() {
    assertEquals(
        "TornadoVM 5.2 is needed, found 4.0.0-jdk25",
        reason("/opt/tornado", OPTIONS, Optional.of("4.0.0-jdk25"), true));
    assertEquals(
        "TornadoVM 5.2 is needed, found 5.20.0",
        reason("/opt/tornado", OPTIONS, Optional.of("5.20.0"), true));
  }

  @Test
  void failuresThatTornadoVmWouldHide() {
    String expected =
        "without -Dtornado.recover.bailout=False TornadoVM answers a failure with Java code of its"
            + " own, and numbers may be wrong";
    Map<String, String> options = new HashMap<>(OPTIONS);
    options.put("tornado.recover.bailout", "True");
    assertEquals(expected, reason("/opt/tornado", options, VERSION, true));
    options.remove("tornado.recover.bailout");
    assertEquals(expected, reason("/opt/tornado", options, VERSION, true));
  }

  @Test
  void aBuildWithoutTheModuleSaysSo() {
    assertEquals(
        "this build has no module nn/tornado: build with TORNADOVM_HOME set",
        new TornadoInstallation("/opt/tornado", OPTIONS, VERSION, true).absent());
  }
}
