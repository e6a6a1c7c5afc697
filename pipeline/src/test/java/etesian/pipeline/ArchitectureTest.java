package etesian.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(packages = "etesian.pipeline", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule thePipelineHasNoCommandLineAndNoHttp =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..", "com.sun.net.httpserver..", "java.net.http..", "etesian.ops..")
          .because("what people touch is in ops");

  @ArchTest
  static final ArchRule stationsDoNotKnowEachOther =
      SlicesRuleDefinition.slices()
          .matching("etesian.pipeline.(decode|verify|tune)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule verificationKnowsNoModels =
      noClasses()
          .that()
          .resideInAPackage("etesian.pipeline.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "etesian.operators..", "etesian.pipeline.forecast..", "etesian.pipeline.model..")
          .because("a forecast is judged by its values alone");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      SlicesRuleDefinition.slices().matching("etesian.pipeline.(*)..").should().beFreeOfCycles();
}
