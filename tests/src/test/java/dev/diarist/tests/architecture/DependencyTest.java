package dev.diarist.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may lean on which. A rule about a room that is not built yet waits for it. */
@AnalyzeClasses(packages = "dev.diarist", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyTest {
  private static final String HOUSE = "dev.diarist..";
  private static final String NN = "dev.diarist.nn..";
  private static final String WEIGHTS = "dev.diarist.weights..";
  private static final String CPU = "dev.diarist.nn.cpu..";
  private static final String TORNADO = "dev.diarist.nn.tornado..";
  private static final String[] BACKENDS = {"dev.diarist.nn.nd4j..", CPU, TORNADO};
  private static final String[] STAGES = {
    "dev.diarist.segmentation..",
    "dev.diarist.embedding..",
    "dev.diarist.clustering..",
    "dev.diarist.reconstruction.."
  };
  private static final DescribedPredicate<JavaClass> PIPELINE =
      resideInAPackage(HOUSE)
          .and(not(resideInAnyPackage(NN, WEIGHTS)))
          .as("classes of the pipeline");

  @ArchTest
  static void everyModuleIsLookedAt(JavaClasses classes) {
    assertFalse(classes.that(resideInAPackage(NN)).isEmpty(), "no class of nn was found");
    assertFalse(classes.that(resideInAPackage(WEIGHTS)).isEmpty(), "none of weights-converter");
    assertFalse(classes.that(PIPELINE).isEmpty(), "no class of pipeline was found");
  }

  @ArchTest
  static final ArchRule networksKnowNothingOfAudioAndSpeakers =
      noClasses()
          .that()
          .resideInAPackage(NN)
          .should()
          .dependOnClassesThat(resideInAPackage(HOUSE).and(not(resideInAPackage(NN))));

  @ArchTest
  static final ArchRule theWeightsConverterKnowsOnlyTheNetworks =
      noClasses().that().resideInAPackage(WEIGHTS).should().dependOnClassesThat(PIPELINE);

  @ArchTest
  static final ArchRule nobodyOutsideTheNetworksImportsABackend =
      noClasses()
          .that()
          .resideOutsideOfPackage(NN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BACKENDS);

  @ArchTest
  static final ArchRule backendsAreFoundNotImported =
      noClasses()
          .that()
          .resideInAPackage(NN)
          .and()
          .resideOutsideOfPackages(BACKENDS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BACKENDS);

  @ArchTest
  static final ArchRule backendsDoNotKnowEachOther =
      slices().matching("dev.diarist.nn.(nd4j|cpu|tornado)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule onlyTheNetworksTouchNd4j =
      noClasses()
          .that()
          .resideOutsideOfPackage(NN)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.nd4j..");

  @ArchTest
  static final ArchRule onlyTheCpuBackendTouchesTheVectorApi =
      noClasses()
          .that()
          .resideOutsideOfPackage(CPU)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  @ArchTest
  static final ArchRule onlyTheTornadoBackendTouchesTornado =
      noClasses()
          .that()
          .resideOutsideOfPackage(TORNADO)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("uk.ac.manchester.tornado..");

  @ArchTest
  static final ArchRule nobodyDependsOnTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.diarist.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.diarist.cli..", "picocli..");

  @ArchTest
  static final ArchRule nobodyButTheCommandLineDependsOnTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.diarist.cli..", "dev.diarist.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.diarist.server..");

  @ArchTest
  static final ArchRule theThinRoomsLeaveTheStagesToTheDiarizer =
      noClasses()
          .that()
          .resideInAnyPackage("dev.diarist.cli..", "dev.diarist.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STAGES);

  @ArchTest
  static final ArchRule aStageKnowsNothingOfFilesOfAudioBeyondItsSamples =
      noClasses()
          .that()
          .resideInAnyPackage(STAGES)
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.diarist.audio..")
                  .and(
                      not(
                          DescribedPredicate.<JavaClass>describe(
                              "AudioSource and its exception",
                              c ->
                                  c.getSimpleName().equals("AudioSource")
                                      || c.getSimpleName().equals("AudioException")))));

  @ArchTest
  static final ArchRule roomsLeanOnEachOtherInOneDirection =
      slices().matching("dev.diarist.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule roomsOfTheNetworksLeanOnEachOtherInOneDirection =
      slices().matching("dev.diarist.nn.(*)..").should().beFreeOfCycles();
}
