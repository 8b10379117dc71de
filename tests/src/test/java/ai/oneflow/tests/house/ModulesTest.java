package ai.oneflow.tests.house;

import static ai.oneflow.tests.house.House.API;
import static ai.oneflow.tests.house.House.CLI;
import static ai.oneflow.tests.house.House.GATEWAY;
import static ai.oneflow.tests.house.House.OPERATOR;
import static ai.oneflow.tests.house.House.SIMULATOR;
import static ai.oneflow.tests.house.House.SNAPSHOT;
import static ai.oneflow.tests.house.House.STANDALONE;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/// `crds ← operator → snapshot ← gateway`, and `standalone` above all of them.
final class ModulesTest {
  private static final String[] KUBERNETES = {"io.fabric8..", "io.javaoperatorsdk.."};

  private final JavaClasses classes = House.classes();

  @Test
  void allModulesAreLookedAt() {
    for (String module : new String[] {API, SNAPSHOT, OPERATOR, GATEWAY, SIMULATOR, CLI}) {
      assertThat(classes)
          .as(module)
          .anyMatch(type -> type.getPackageName().startsWith(module.replace("..", "")));
    }
  }

  @Test
  void theContractKnowsNeitherSideNorKubernetesNorNetty() {
    knowNot(SNAPSHOT, API, OPERATOR, GATEWAY, STANDALONE, "io.netty..");
    knowNot(SNAPSHOT, KUBERNETES);
  }

  @Test
  void theResourcesKnowNobody() {
    knowNot(API, SNAPSHOT, OPERATOR, GATEWAY, STANDALONE, "io.netty..", "io.grpc..");
  }

  @Test
  void theGatewayKnowsNeitherOperatorNorResourcesNorKubernetes() {
    knowNot(GATEWAY, OPERATOR, API, STANDALONE, SIMULATOR);
    knowNot(GATEWAY, KUBERNETES);
  }

  @Test
  void theOperatorKnowsNoGateway() {
    knowNot(OPERATOR, GATEWAY, STANDALONE, SIMULATOR);
  }

  @Test
  void theSimulatorKnowsNoneOfWhatItTests() {
    knowNot(SIMULATOR, API, SNAPSHOT, OPERATOR, GATEWAY, STANDALONE);
  }

  @Test
  void theToolAsksTheClusterAndKnowsNoOneWhoRunsThere() {
    knowNot(CLI, SNAPSHOT, OPERATOR, GATEWAY, SIMULATOR, "ai.oneflow.standalone.serve..");
    for (String module : new String[] {API, SNAPSHOT, OPERATOR, GATEWAY, SIMULATOR, STANDALONE}) {
      knowNot(module, CLI);
    }
  }

  @Test
  void onlyStandaloneSeesOperatorAndGateway() {
    noClasses()
        .that()
        .resideOutsideOfPackages(STANDALONE, GATEWAY)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(GATEWAY)
        .check(classes);
  }

  @Test
  void judgingAndBuildingKnowNoClusterAndNoConnection() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "ai.oneflow.operator.resolve..",
            "ai.oneflow.operator.build..",
            "ai.oneflow.operator.workload..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.oneflow.operator.reconcile..",
            "ai.oneflow.operator.apply..",
            "ai.oneflow.operator.push..",
            "ai.oneflow.operator.status..",
            "io.fabric8.kubernetes.client.dsl..",
            "io.javaoperatorsdk..",
            "io.grpc..")
        .check(classes);
  }

  private void knowNot(String module, String... others) {
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(classes);
  }
}
