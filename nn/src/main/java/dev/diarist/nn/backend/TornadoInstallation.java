package dev.diarist.nn.backend;

import java.lang.module.ResolvedModule;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What can be said of TornadoVM without touching it: a JVM that was not started for it must never
 * load one of its classes, and where the module {@code nn/tornado} was not built, nobody else could
 * say why. The checks come in the order in which a user would mend things.
 *
 * @param home value of {@value #HOME}, or null
 * @param properties of the JVM
 * @param apiVersion of TornadoVM's API among the modules of the JVM, empty if it is not there
 * @param runtime whether TornadoVM's runtime is among the modules of the JVM
 */
public record TornadoInstallation(
    String home, Map<String, String> properties, Optional<String> apiVersion, boolean runtime) {

  /** The name of the backend. */
  public static final String NAME = "tornado";

  /** The environment variable that names TornadoVM's folder. */
  public static final String HOME = "TORNADOVM_HOME";

  /** The versions whose behaviour is known, up to the second dot. */
  public static final String VERSION = "5.2";

  private static final String IMPLEMENTATION = "tornado.load.runtime.implementation";
  private static final String BAILOUT = "tornado.recover.bailout";
  private static final Pattern JAR = Pattern.compile("tornado-api-([^/]+)\\.jar");

  public TornadoInstallation {
    properties = Map.copyOf(properties);
  }

  /** That of this process. */
  public static TornadoInstallation ofProcess() {
    Properties all = System.getProperties();
    Map<String, String> properties =
        all.stringPropertyNames().stream()
            .filter(name -> name.startsWith("tornado."))
            .collect(Collectors.toMap(name -> name, all::getProperty));
    Optional<String> version =
        ModuleLayer.boot()
            .configuration()
            .findModule("tornado.api")
            .map(TornadoInstallation::version);
    boolean runtime = ModuleLayer.boot().findModule("tornado.runtime").isPresent();
    return new TornadoInstallation(System.getenv(HOME), properties, version, runtime);
  }

  /** The descriptor of the module carries no version; the name of its jar does. */
  private static String version(ResolvedModule api) {
    Matcher jar = JAR.matcher(api.reference().location().map(Object::toString).orElse(""));
    return jar.find() ? jar.group(1) : "of an unknown version";
  }

  /** Why this JVM cannot use TornadoVM; empty if nothing speaks against it so far. */
  public Optional<String> unavailable() {
    if (home == null && !properties.containsKey(IMPLEMENTATION)) {
      return Optional.of(
          "no TornadoVM: install TornadoVM " + VERSION + " and let " + HOME + " name its folder");
    }
    if (!properties.containsKey(IMPLEMENTATION) || !runtime) {
      return Optional.of(
          "Java was started without TornadoVM's options: add @$" + HOME + "/tornado-argfile");
    }
    if (apiVersion.isEmpty()) {
      return Optional.of("TornadoVM's API (module tornado.api) is not among Java's modules");
    }
    if (!apiVersion.get().startsWith(VERSION + ".")) {
      return Optional.of("TornadoVM " + VERSION + " is needed, found " + apiVersion.get());
    }
    if (!"false".equalsIgnoreCase(properties.get(BAILOUT))) {
      return Optional.of(
          "without -D"
              + BAILOUT
              + "=False TornadoVM answers a failure with Java code of its own, and numbers may be"
              + " wrong");
    }
    return Optional.empty();
  }

  /** Why there is no backend at all that could ask for TornadoVM. */
  public String absent() {
    return unavailable().orElse("this build has no module nn/tornado: build with " + HOME + " set");
  }
}
