package etesian.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "etesian.ingest", importOptions = ImportOption.DoNotIncludeTests.class)
class IngestArchitectureTest {
  @ArchTest
  static final ArchRule ingestKnowsNeitherStreamProcessingNorModels =
      noClasses()
          .that()
          .resideInAPackage("etesian.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "ai.djl..",
              "etesian.operators..",
              "etesian.pipeline..",
              "etesian.ops..")
          .because("fields are read and sent by programs that neither stream nor forecast");

  @ArchTest
  static final ArchRule fieldsArePlainJava =
      classes()
          .that()
          .resideInAPackage("etesian.ingest.field")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "etesian.ingest.field")
          .because("what a field is does not depend on how it is stored or sent");

  @ArchTest
  static final ArchRule netcdfKnowsNothingOfTheWire =
      noClasses()
          .that()
          .resideInAPackage("etesian.ingest.netcdf")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("etesian.ingest.wire", "etesian.ingest.kafka", "org.apache.kafka..")
          .because("arrows go kafka -> wire -> netcdf -> field");

  @ArchTest
  static final ArchRule wireKnowsNothingOfPublishing =
      noClasses()
          .that()
          .resideInAPackage("etesian.ingest.wire")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("etesian.ingest.kafka")
          .because("arrows go kafka -> wire -> netcdf -> field");

  @ArchTest
  static final ArchRule supplyAndClaimKnowNothingOfKafka =
      noClasses()
          .that()
          .resideInAnyPackage("etesian.ingest.supply", "etesian.ingest.claim")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("etesian.ingest.kafka", "org.apache.kafka.clients..")
          .because("files are fetched and redeemed by programs that do not publish");
}
