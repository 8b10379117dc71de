package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets that are deleted and made anew, schemas that are upgraded while they are in use, and a
/// namespace that is deleted with all that is in it.
final class ResourceFaultsIT extends FaultsOnOneSite {
  private static final Path CRDS = Path.of("..", "crds/src/main/resources/crds");
  private static final String LEAVING = "leaving";

  @Test
  void aCredentialThatIsDeletedWithdrawsItsProviderAndANewOneIsInForce() {
    String provider = site().provider();
    site().awaitReady("llmprovider/" + provider);

    site().witness().expectOf(site().served(), "404");
    site().kubectl("delete", "secret", provider, "-n", Site.NAMESPACE);
    site().witness().awaitEverywhere(Site.SOON);
    site().awaitCondition("llmprovider/" + provider, "ResolvedRefs", "False SecretNotFound");
    site().awaitCondition("llmprovider/" + provider, "Ready", "False");

    site().provided(provider).acceptKeys(Set.of("made-anew"));
    site().witness().expectOf("404", site().served());
    site().apply(Yaml.secret(provider, "made-anew"));
    site().witness().awaitEverywhere(Site.SOON);
    site().awaitReady("llmprovider/" + provider, "routingpolicy/smart", "llmgateway/main");
  }

  @Test
  void aKeyWhoseSecretIsDeletedIsRefusedForGoodAndItsSuccessorServed() {
    site().serve("leaked");
    String leaked = site().mintedKey(Site.NAMESPACE, "leaked");

    site().witness().expect("leaked", "401");
    site().kubectl("delete", "secret", "leaked-key", "-n", Site.NAMESPACE);
    site().witness().awaitEverywhere(Site.SOON);
    await()
        .atMost(Site.SOON)
        .until(() -> !site().mintedKey(Site.NAMESPACE, "leaked").equals(leaked));

    site().witness().know("successor", site().mintedKey(Site.NAMESPACE, "leaked"), "401");
    site().witness().expect("successor", site().served());
    site().witness().awaitEverywhere(Site.SOON);
    site().awaitReady("apikey/leaked", "llmgateway/main");
  }

  @Test
  void schemasAreUpgradedInPlaceAndNothingIsLost(@TempDir Path folder) throws Exception {
    site().serve("upgraded");
    String before = specs("{.spec}");

    upgrade(folder);
    site().suspend("upgraded");
    patch("apikey/upgraded", "{\"spec\":{\"addedLater\":\"kept\"}}");
    site().reroute();
    site().witness().awaitEverywhere(Site.SOON);

    site().awaitReady("apikey/upgraded", "apikey/" + Site.STEADY, "routingpolicy/smart");
    site().awaitReady("llmprovider/alpha", "llmprovider/beta", "llmgateway/main");
    assertThat(specs("{.spec.addedLater}")).contains("ApiKey/upgraded kept");

    site().reroute();
    site().suspend("upgraded", false);
    patch("apikey/upgraded", "{\"spec\":{\"addedLater\":null}}");
    site().witness().awaitEverywhere(Site.SOON);
    assertThat(specs("{.spec}")).isEqualTo(before);
  }

  private static void patch(String resource, String patch) {
    site().kubectl("patch", resource, "-n", Site.NAMESPACE, "--type=merge", "-p", patch);
  }

  private static String specs(String what) {
    return site()
        .kubectl(
            "get",
            "llmproviders,routingpolicies,apikeys,quotapolicies,llmgateways",
            "-A",
            "-o",
            "jsonpath={range .items[*]}{.kind}/{.metadata.name} " + what + "{\"\\n\"}{end}");
  }

  /// As an upgrade of the install does it: by server-side apply of all schemas.
  private static void upgrade(Path folder) throws IOException {
    for (String kind :
        List.of("apikeys", "llmgateways", "llmproviders", "quotapolicies", "routingpolicies")) {
      ObjectMapper yaml = new YAMLMapper();
      ObjectNode crd = (ObjectNode) yaml.readTree(CRDS.resolve(kind + ".oneflow.ai.yaml").toFile());
      ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
      ObjectNode spec =
          (ObjectNode) version.at("/schema/openAPIV3Schema/properties/spec/properties");
      spec.putObject("addedLater").put("type", "string").put("description", "Of a later version.");
      version
          .withArrayProperty("additionalPrinterColumns")
          .addObject()
          .put("name", "Added")
          .put("type", "string")
          .put("jsonPath", ".spec.addedLater");
      Path upgraded =
          Files.writeString(folder.resolve(kind + ".yaml"), yaml.writeValueAsString(crd));
      site().kubectl("apply", "--server-side", "--force-conflicts", "-f", upgraded.toString());
    }
    site().kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
  }

  @Test
  void aNamespaceGoesWithAllThatIsInItAndNothingElse() {
    site().kubectl("create", "namespace", LEAVING);
    populateLeaving();
    site().witness().know("leaver", site().mintedKey(LEAVING, "leaver"), "401");
    site().witness().expect("leaver", site().served(), "404");
    site().witness().awaitEverywhere(Site.SOON);

    // Its policy may go before its key.
    site().witness().expect("leaver", "401", "404");
    site().kubectl("delete", "namespace", LEAVING, "--timeout=60s");
    site().witness().awaitEverywhere(Site.SOON);
    assertThat(site().kubectl("get", "namespaces", "-o", "name")).doesNotContain(LEAVING);

    // The same again is served by a key of its own; the one of before stays refused.
    site().kubectl("create", "namespace", LEAVING);
    populateLeaving();
    site().witness().know("returner", site().mintedKey(LEAVING, "leaver"), "401");
    site().witness().expect("returner", site().served(), "404");
    site().witness().awaitEverywhere(Site.SOON);
    site().awaitReady("llmgateway/main", "apikey/" + Site.STEADY);
    site().kubectl("delete", "namespace", LEAVING, "--wait=false");
    site().witness().expect("returner", "401", "404");
    site().witness().awaitEverywhere(Site.SOON);
  }

  /// One of each kind, an LLMGateway with its Deployment among them.
  private static void populateLeaving() {
    site().apply(LEAVING, Yaml.provider("own", site().provided("alpha").baseUrl()));
    site().apply(LEAVING, Yaml.policy(site().provider()));
    site().apply(LEAVING, Yaml.key("leaver"));
    site().apply(LEAVING, Yaml.QUOTA);
    site().apply(LEAVING, Yaml.GATEWAY.replace("from: All", "from: Same"));
  }
}
