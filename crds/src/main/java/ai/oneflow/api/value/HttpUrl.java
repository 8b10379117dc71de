package ai.oneflow.api.value;

/// CEL rules for a string that is an `http` or `https` URL. Plain regular expressions, since CEL's
/// own URL functions are Kubernetes' alone and take hosts that `java.net.URI` does not.
public final class HttpUrl {
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final String NAME = "(" + LABEL + "\\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?\\.?";
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  private static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";

  private static final String GROUP = "[0-9A-Fa-f]{1,4}";
  private static final String BEFORE = "(" + GROUP + ":)";
  private static final String BEHIND = "(:" + GROUP + ")";

  /// Eight groups, or fewer and one `::` that stands for those left out.
  private static final String IPV6 =
      "("
          + (BEFORE + "{7}" + GROUP + "|" + BEFORE + "{1,7}:|")
          + (BEFORE + "{1,6}" + BEHIND + "|" + BEFORE + "{1,5}" + BEHIND + "{1,2}|")
          + (BEFORE + "{1,4}" + BEHIND + "{1,3}|" + BEFORE + "{1,3}" + BEHIND + "{1,4}|")
          + (BEFORE + "{1,2}" + BEHIND + "{1,5}|" + BEFORE + BEHIND + "{1,6}|")
          + (":" + BEHIND + "{1,7}|::")
          + ")";

  static final String HOST = "(" + NAME + "|" + IPV4 + "|\\[" + IPV6 + "\\])";
  static final String PORT =
      "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?";
  private static final String PATH = "(/[A-Za-z0-9._~!$&()*+,;=:/-]*)?";

  /// A host, perhaps a port, perhaps a path; what comes after is [#NOTHING_ELSE]'s to refuse.
  public static final String RULE =
      "self.matches(r'^https?://([^/?#@]*@)?" + HOST + PORT + PATH + "([?#].*)?$')";

  /// No user information, no query, no fragment.
  public static final String NOTHING_ELSE =
      "!self.contains('?') && !self.contains('#') && !self.contains('@')";

  private HttpUrl() {}
}
