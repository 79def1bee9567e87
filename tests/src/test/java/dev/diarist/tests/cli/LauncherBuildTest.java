package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the launcher finds a JDK and when it builds: in a made-up tree, with a made-up JDK and mvn.
 */
class LauncherBuildTest {
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      for argument in "LC_ALL=${LC_ALL:-}" "$0" "$@"; do printf '%s\\n' "$argument"; done
      """;
  private static final String FAKE_MVN =
      """
      #!/bin/sh
      printf '%s\\n' "$*" >>mvn-calls
      mkdir -p pipeline/target/lib
      : >pipeline/target/diarist-pipeline-1.0.jar
      """;
  private static final String TOOLS =
      "sh dirname basename readlink find mkdir rm mv sleep grep cat";

  @TempDir private Path folder;
  private Path root;
  private Path jdk;
  private Path bin;

  @BeforeEach
  void makeTree() throws IOException {
    folder = folder.toRealPath();
    root = Files.createDirectory(folder.resolve("the root"));
    script(root.resolve("diarist"), Files.readString(Launched.ROOT.resolve("diarist")));
    Path sources = Files.createDirectories(root.resolve("nn/src/main/java"));
    Files.createFile(sources.resolve("A.java"));
    Files.createDirectories(root.resolve("weights-converter/src/main"));
    Files.createDirectories(root.resolve("pipeline/src/main"));
    Files.createFile(root.resolve("pom.xml"));
    Files.createFile(root.resolve("pipeline/pom.xml"));
    jdk = jdk("jdk 25", "25.0.3");
    bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS.split(" ")) {
      Path path = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(
          bin.resolve(tool), Files.exists(path) ? path : Path.of("/bin", tool));
    }
    script(bin.resolve("mvn"), FAKE_MVN);
  }

  @Test
  void everythingReachesJavaAsItWasGiven() throws Exception {
    Launched launched =
        launch(Map.of("DIARIST_JAVA_OPTS", "-Xmx1g -Xms1g"), "two words", "*", "", "--x=$y");
    assertEquals(0, launched.code(), launched.err());
    Path target = root.resolve("pipeline/target");
    assertEquals(
        """
        %s/bin/java
        --add-modules
        jdk.incubator.vector
        --enable-native-access=ALL-UNNAMED
        --sun-misc-unsafe-memory-access=allow
        -XX:+UseSerialGC
        -XX:ObjectAlignmentInBytes=64
        -XX:CompileCommand=quiet
        -XX:CompileCommand=BackgroundCompilation,dev.diarist.nn.cpu.Vector*::*,false
        -XX:CompileCommand=CompileThresholdScaling,dev.diarist.nn.cpu.Vector*::*,0.004
        -XX:CompileCommand=dontinline,dev.diarist.nn.cpu.VectorWinograd::*
        -XX:CompileCommand=dontinline,dev.diarist.nn.cpu.VectorLstmCell::*
        -XX:CompileCommand=CompileThresholdScaling,sun.security.provider.*::impl*,0.03
        -XX:Tier4InvocationThreshold=50000
        -XX:Tier4MinInvocationThreshold=6000
        -XX:Tier4CompileThreshold=150000
        -XX:Tier4BackEdgeThreshold=400000
        -Xlog:disable
        -Xlog:all=warning:stderr
        -Dslf4j.internal.verbosity=ERROR
        -Ddiarist.terminal=false
        -Xmx1g
        -Xms1g
        -cp
        %s/diarist-pipeline-1.0.jar:%s/lib/*
        dev.diarist.cli.Main
        two words
        *

        --x=$y
        """
            .formatted(jdk, target, target),
        withoutHugePages(launched.out().substring(launched.out().indexOf('\n') + 1)));
  }

  /** An option that only some systems have. */
  private static String withoutHugePages(String out) {
    return out.replace("-XX:+UseTransparentHugePages\n", "");
  }

  @Test
  void anotherCollectorTakesThePlaceOfOurs() throws Exception {
    String out = launch(Map.of("DIARIST_JAVA_OPTS", "-XX:+UseG1GC")).out();
    assertTrue(out.contains("-XX:+UseG1GC\n"), out);
    assertFalse(out.contains("-XX:+UseSerialGC"), out);
  }

  @Test
  void itBuildsOnFirstUseOnly() throws Exception {
    Launched first = launch(Map.of());
    assertEquals(
        "diarist: building " + root + ", which takes minutes the first time\n", first.err());
    assertEquals(0, first.code());
    assertEquals("", launch(Map.of()).err());
    assertEquals(1, builds());
  }

  @Test
  void launchersThatStartTogetherBuildOnce() throws Exception {
    script(bin.resolve("mvn"), FAKE_MVN.replace("mkdir -p", "sleep 2\nmkdir -p"));
    Callable<Launched> launch = () -> launch(Map.of());
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      for (Future<Launched> launched : both.invokeAll(List.of(launch, launch))) {
        assertEquals(0, launched.get().code(), launched.get().err());
      }
    }
    assertEquals(1, builds());
    assertFalse(Files.exists(root.resolve("target/launcher-lock")));
  }

  @Test
  void aLauncherThatWasKilledWhileItBuiltIsNotWaitedFor() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path lock = Files.createDirectories(root.resolve("target/launcher-lock"));
    Files.writeString(lock.resolve("owner"), ended.pid() + "\n");
    assertEquals(0, launch(Map.of()).code());
    assertEquals(1, builds());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nn/src/main/java/A.java", "pom.xml", "pipeline/pom.xml"})
  void aNewerSourceOrPomIsBuiltOnce(String edited) throws Exception {
    launch(Map.of());
    Instant later = Instant.now().plusSeconds(1);
    Files.setLastModifiedTime(root.resolve(edited), FileTime.from(later));
    Thread.sleep(1100); // until the source is no longer from the future
    assertTrue(launch(Map.of()).err().startsWith("diarist: building "));
    assertEquals("", launch(Map.of()).err());
    assertEquals(2, builds());
  }

  @Test
  void aJarThatMavenMadeByItselfIsTaken() throws Exception {
    Files.createDirectories(root.resolve("pipeline/target/lib"));
    Files.createFile(root.resolve("pipeline/target/diarist-pipeline-1.0.jar"));
    assertEquals("", launch(Map.of()).err());
  }

  @Test
  void theClassesOfAJarThatMavenMadeByItselfAreKept() throws Exception {
    Files.createDirectories(root.resolve("pipeline/target/lib"));
    Path jar = Files.createFile(root.resolve("pipeline/target/diarist-pipeline-1.0.jar"));
    Files.createDirectories(root.resolve("target"));
    Files.createDirectories(root.resolve("tests/shared/golden"));
    script(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for argument in "$@"; do
          case $argument in
            -XX:DumpLoadedClassList=*) printf 'A\\n@cp A 1\\n' >"${argument#*=}" ;;
            -XX:SharedClassListFile=*) cat "${argument#*=}" >>"%1$s/kept" ;;
            -XX:SharedArchiveFile=*) : >"${argument#*=}" ;;
          esac
        done
        printf '%%s\\n' "$@"
        """
            .formatted(folder));
    String option = "-XX:SharedArchiveFile=" + root.resolve("target/launcher-classes.jsa") + "\n";
    for (int run = 0; run < 2; run++) {
      Launched launched = launch(Map.of());
      assertTrue(launched.out().contains(option), launched.out());
    }
    assertEquals(1, Files.readAllLines(folder.resolve("kept")).size());
    Thread.sleep(1100); // until a file is newer for every file system
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
    launch(Map.of());
    assertEquals(2, Files.readAllLines(folder.resolve("kept")).size());
  }

  @Test
  void aFailedBuildIsOneSentenceThatNamesItsLog() throws Exception {
    script(bin.resolve("mvn"), "#!/bin/sh\necho 'nothing compiles'\nexit 1\n");
    Launched launched = launch(Map.of());
    Path log = root.resolve("target/launcher-build.log");
    assertEquals(
        new Launched(
            1,
            "",
            "diarist: building "
                + root
                + ", which takes minutes the first time\n"
                + "diarist: the build failed; "
                + log
                + " says why\n"),
        launched);
    assertEquals("nothing compiles\n", Files.readString(log));
    assertTrue(launch(Map.of()).err().contains("the build failed"), "it must try again");
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    Files.delete(bin.resolve("mvn"));
    assertEquals(
        new Launched(
            1,
            "",
            "diarist: Maven is needed to build Diarist and was not found: install it so that 'mvn'"
                + " is on the PATH\n"),
        launch(Map.of()));
  }

  @Test
  void anOldJavaHomeIsPassedOverForTheJdkOnThePath() throws Exception {
    Path old = jdk("jdk 17", "17.0.15");
    Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
    Launched launched = launch(Map.of("JAVA_HOME", old.toString()));
    assertTrue(launched.out().contains(jdk + "/bin/java\n"), launched.out());
  }

  @Test
  void versionsAreComparedAsNumbers() throws Exception {
    for (String recent : List.of("25", "25-ea", "25.0.1", "101")) {
      Path home = jdk("jdk " + recent + "x", recent);
      Launched launched = launch(Map.of("JAVA_HOME", home.toString()));
      assertTrue(launched.out().contains(home + "/bin/java\n"), recent);
    }
    for (String old : List.of("1.8.0_392", "9", "24.0.2")) {
      Path home = jdk("jdk " + old + "x", old);
      Launched launched = launch(Map.of("JAVA_HOME", home.toString()));
      assertFalse(launched.out().contains(home.toString()), old);
    }
  }

  @Test
  void withoutARecentJdkItSaysWhatToInstall() throws Exception {
    String launcher = Files.readString(root.resolve("diarist"));
    script(root.resolve("diarist"), launcher.replace("JDK_NEEDED=25", "JDK_NEEDED=99"));
    assertEquals(
        new Launched(
            1,
            "",
            "diarist: a JDK 99 or later is needed and none was found: install one, for example"
                + " Temurin 99, or let JAVA_HOME name one\n"),
        launch(Map.of()));
  }

  @Test
  void inTheLocaleCJavaIsGivenOneThatKnowsEveryFileName() throws Exception {
    assertTrue(launch(Map.of("LC_ALL", "C")).out().startsWith("LC_ALL=C.UTF-8\n"));
    assertTrue(launch(Map.of("LC_ALL", "POSIX")).out().startsWith("LC_ALL=C.UTF-8\n"));
    assertTrue(launch(Map.of("LC_ALL", "de_DE.UTF-8")).out().startsWith("LC_ALL=de_DE.UTF-8\n"));
  }

  private static final String FAKE_MVN_WITH_GPU =
      FAKE_MVN
          + """
          case $* in
            *nn/tornado*)
              mkdir -p nn/tornado/target
              : >nn/tornado/target/diarist-nn-tornado-1.0.jar
              ;;
          esac
          """;

  @Test
  void tornadoVmsOptionsComeFirstAndItsBackendLast() throws Exception {
    script(bin.resolve("mvn"), FAKE_MVN_WITH_GPU);
    Path home = Files.createDirectory(folder.resolve("tornado vm"));
    Files.createFile(home.resolve("tornado-argfile"));
    Map<String, String> environment = Map.of("TORNADOVM_HOME", home.toString());
    Launched launched = launch(environment, "devices");
    List<String> lines = launched.out().lines().toList();
    assertEquals("@" + home + "/tornado-argfile", lines.get(2), launched.out());
    assertTrue(lines.contains("-Dtornado.recover.bailout=False"), launched.out());
    assertFalse(launched.out().contains("-XX:+UseSerialGC"), launched.out());
    String classPath = lines.get(lines.indexOf("-cp") + 1);
    assertTrue(
        classPath.endsWith("/lib/*:" + root + "/nn/tornado/target/diarist-nn-tornado-1.0.jar"),
        classPath);
    assertEquals(2, builds());
    launch(environment);
    assertEquals(2, builds());
  }

  @Test
  void withoutAnArgfileJavaStartsAsAlways() throws Exception {
    script(bin.resolve("mvn"), FAKE_MVN_WITH_GPU);
    Launched launched = launch(Map.of("TORNADOVM_HOME", folder.toString()));
    assertEquals(0, launched.code());
    assertFalse(launched.out().contains("tornado-argfile"), launched.out());
    assertTrue(launched.out().contains("-XX:+UseSerialGC\n"), launched.out());
  }

  @Test
  void aGpuBackendThatCannotBeBuiltCostsALineAndNotTheRun() throws Exception {
    Map<String, String> environment = Map.of("TORNADOVM_HOME", folder.resolve("absent").toString());
    String line =
        "diarist: GPU not used: its backend could not be built; "
            + root.resolve("target/launcher-gpu-build.log")
            + " says why\n";
    for (int run = 0; run < 2; run++) {
      Launched launched = launch(environment, "x.wav");
      assertEquals(0, launched.code());
      assertTrue(launched.err().endsWith(line), launched.err());
      assertTrue(launched.out().endsWith("dev.diarist.cli.Main\nx.wav\n"), launched.out());
    }
    assertEquals(2, builds()); // one that failed is not tried again
  }

  private Launched launch(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>();
    all.put("JAVA_HOME", jdk.toString());
    all.put("HOME", folder.toString());
    all.put("PATH", bin.toString());
    all.put("DIARIST_JAVA_OPTS", "");
    all.put("TORNADOVM_HOME", "");
    all.putAll(environment);
    return Launched.of(root.resolve("diarist"), folder, all, arguments);
  }

  private long builds() throws IOException {
    try (var lines = Files.lines(root.resolve("mvn-calls"))) {
      return lines.count();
    }
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.createDirectory(home.resolve("bin"));
    script(home.resolve("bin/java"), FAKE_JAVA);
    script(home.resolve("bin/javac"), FAKE_JAVA);
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"y\"\n");
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }
}
