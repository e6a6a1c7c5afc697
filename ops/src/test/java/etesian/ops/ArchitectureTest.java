package etesian.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "etesian", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule nothingKnowsWhatPeopleTouch =
      noClasses()
          .that()
          .resideInAnyPackage("etesian.ingest..", "etesian.operators..", "etesian.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("etesian.ops..")
          .because("arrows point downwards: ops, pipeline, then ingest and operators");

  @ArchTest
  static final ArchRule ingestAndOperatorsAreTheGround =
      noClasses()
          .that()
          .resideInAnyPackage("etesian.ingest..", "etesian.operators..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("etesian.pipeline..", "org.apache.flink..")
          .because("fields and operators are used without a stream");

  @ArchTest
  static final ArchRule ingestAndOperatorsDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("etesian.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("etesian.operators..")
          .because("the pipeline turns fields into tensors and back");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsTheCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "etesian.ops.embedded..",
              "etesian.ops.cluster..",
              "etesian.ops.sample..",
              "etesian.ops.console..",
              "etesian.ops.doctor..",
              "etesian.ops.evaluate..",
              "etesian.ops.models..",
              "etesian.ops.plot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("etesian.ops.cli..", "picocli..")
          .because("what a command starts can also be started by a test or another program");

  @ArchTest
  static final ArchRule theSimulatedWorldNeedsNoStream =
      noClasses()
          .that()
          .resideInAPackage("etesian.ops.sample..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("etesian.pipeline..", "org.apache.kafka..", "org.apache.flink..")
          .because("it writes files like any other source");
}
