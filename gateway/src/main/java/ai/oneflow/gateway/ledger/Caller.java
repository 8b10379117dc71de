package ai.oneflow.gateway.ledger;

/// For whom a request counts. Made once when configuration is compiled and shared by all requests
/// of the key: the journal writes it once and then refers to it.
///
/// @param keyNamespace of the ApiKey
/// @param keyName of the ApiKey, never the key itself
public record Caller(String keyNamespace, String keyName, String user, String project) {
  public Caller {
    Text.checked("a key's namespace", keyNamespace);
    Text.checked("a key's name", keyName);
    Text.checked("a user", user);
    Text.checked("a project", project);
  }
}
