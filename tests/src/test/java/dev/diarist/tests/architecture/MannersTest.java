package dev.diarist.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What a library does not do to the program around it. */
@AnalyzeClasses(packages = "dev.diarist", importOptions = ImportOption.DoNotIncludeTests.class)
class MannersTest {
  private static final String MAIN = "dev.diarist.cli.Main";

  @ArchTest
  static final ArchRule onlyTheCommandLineEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(MAIN)
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);

  @ArchTest
  static final ArchRule aLibraryDoesNotPrint =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.IO");

  @ArchTest
  static final ArchRule nobodyPrintsAStackTraceOfItsOwnAccord =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.diarist.cli..")
          .should()
          .callMethodWhere(
              JavaCall.Predicates.target(name("printStackTrace"))
                  .and(JavaCall.Predicates.target(owner(assignableTo(Throwable.class)))));

  @ArchTest
  static final ArchRule nobodyChoosesALoggerForTheProgram =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.logging..",
              "org.apache.logging..",
              "ch.qos.logback..",
              "org.apache.log4j..");

  @ArchTest
  static final ArchRule nobodyDeserializesJavaObjects =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream");

  @ArchTest
  static final ArchRule publicClassesKeepNoStateForAll =
      fields().that().areDeclaredInClassesThat().arePublic().and().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper");
}
