package ai.oneflow.gateway.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Which part of the gateway may know which.
final class KnowledgeTest {
  private static final String GATEWAY = "ai.oneflow.gateway";
  private static final String[] STAGES = {
    GATEWAY + ".exchange.accept..",
    GATEWAY + ".exchange.authenticate..",
    GATEWAY + ".exchange.parse..",
    GATEWAY + ".exchange.replay..",
    GATEWAY + ".exchange.admit..",
    GATEWAY + ".exchange.route..",
    GATEWAY + ".exchange.attempt..",
    GATEWAY + ".exchange.relay..",
    GATEWAY + ".exchange.meter.."
  };

  private final JavaClasses gateway =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(GATEWAY);

  @Test
  void dialectsErrorsAndTheLedgerKnowNoRequestPath() {
    noClasses()
        .that()
        .resideInAnyPackage(GATEWAY + ".dialect..", GATEWAY + ".error..", GATEWAY + ".ledger..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GATEWAY + ".exchange..", GATEWAY + ".config..", GATEWAY + ".upstream..")
        .check(gateway);
  }

  @Test
  void connectionsToProvidersKnowNoRequest() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".upstream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GATEWAY + ".exchange..", GATEWAY + ".config..", GATEWAY + ".ledger..")
        .check(gateway);
  }

  @Test
  void onlyTheAttemptAndItsWiringReachProviders() {
    classes()
        .that()
        .resideInAPackage(GATEWAY + ".upstream..")
        .should()
        .onlyBeAccessed()
        .byAnyPackage(
            GATEWAY + ".upstream..",
            GATEWAY + ".exchange", // the exchange drives its attempts
            GATEWAY + ".exchange.attempt..",
            GATEWAY + ".config", // addresses and TLS contexts are compiled ahead
            GATEWAY) // each event loop gets its pool
        .check(gateway);
  }

  @Test
  void configurationKnowsOfTheRequestPathOnlyPrices() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".config..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(GATEWAY + ".exchange..")
                .and(not(resideInAPackage(GATEWAY + ".exchange.meter"))))
        .check(gateway);
  }

  @Test
  void onlyThePushClientKnowsGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage(GATEWAY + ".config.push..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(gateway);
  }

  @Test
  void onlyWhatIsKeptThereKnowsRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            GATEWAY + ".redis..", GATEWAY + ".quota.redis..", GATEWAY + ".idempotency.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.lettuce..")
        .check(gateway);
  }

  @Test
  void theWayToRedisKnowsNothingOfWhatIsKeptThere() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".redis..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(GATEWAY + "..").and(not(resideInAPackage(GATEWAY + ".redis.."))))
        .check(gateway);
  }

  @Test
  void countersKnowNeitherRequestsNorSql() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".quota..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            GATEWAY + ".exchange..",
            GATEWAY + ".config..",
            GATEWAY + ".ledger..",
            GATEWAY + ".upstream..",
            GATEWAY + ".dialect..",
            "java.sql..")
        .check(gateway);
  }

  @Test
  void namesOfRequestsKnowNeitherRequestsNorSql() {
    noClasses()
        .that()
        .resideInAPackage(GATEWAY + ".idempotency..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            GATEWAY + ".exchange..",
            GATEWAY + ".config..",
            GATEWAY + ".ledger..",
            GATEWAY + ".quota..",
            GATEWAY + ".upstream..",
            GATEWAY + ".dialect..",
            "io.netty..",
            "java.sql..")
        .check(gateway);
  }

  @Test
  void onlyTheLedgerKnowsSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage(GATEWAY + ".ledger..")
        // which open it, report it, and count by it
        .and(not(resideInAnyPackage(GATEWAY, GATEWAY + ".ops..", GATEWAY + ".recount..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.flywaydb..", "com.zaxxer..")
        .check(gateway);
  }

  @Test
  void noStageBlocksOnADatabaseOrAFile() {
    noClasses()
        .that()
        .resideInAnyPackage(STAGES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "java.nio.file..",
            GATEWAY + ".ledger.sql..",
            GATEWAY + ".ledger.journal..")
        .check(gateway);
  }

  @Test
  void theGatewayKnowsNeitherOperatorNorKubernetes() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.oneflow.operator..",
            "ai.oneflow.api..",
            "ai.oneflow.standalone..",
            "io.fabric8..",
            "io.javaoperatorsdk..")
        .check(gateway);
  }
}
