package etesian.operators;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "etesian", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule operatorsKnowNothingOfStreamsAndFiles =
      noClasses()
          .that()
          .resideInAPackage("etesian.operators..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "org.apache.flink..",
              "ucar..",
              "etesian.ingest..",
              "etesian.pipeline..",
              "etesian.ops..");

  @ArchTest
  static final ArchRule m2noKnowsNoOtherArchitecture =
      noClasses()
          .that()
          .resideInAPackage("..m2no..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..smnn..", "..fourier..", "..spectral..", "..training..");

  @ArchTest
  static final ArchRule smnnKnowsNoOtherArchitecture =
      noClasses()
          .that()
          .resideInAPackage("..smnn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..m2no..", "..fourier..", "..spectral..", "..training..");

  @ArchTest
  static final ArchRule fourierKnowsNoOtherArchitecture =
      noClasses()
          .that()
          .resideInAPackage("..fourier..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..m2no..", "..smnn..", "..spectral..", "..training..");

  @ArchTest
  static final ArchRule spectralKnowsNoOtherArchitecture =
      noClasses()
          .that()
          .resideInAPackage("..spectral..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..m2no..", "..smnn..", "..fourier..", "..training..");

  @ArchTest
  static final ArchRule trainingKnowsNoArchitecture =
      noClasses()
          .that()
          .resideInAPackage("..training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..m2no..", "..smnn..", "..fourier..", "..spectral..");
}
