package ai.oneflow.gateway.dialect;

/// What a model must be able to do to serve a request.
///
/// @param tools it must call tools
/// @param vision it must read pictures
/// @param jsonSchema its answer must follow a JSON schema
public record Needs(boolean tools, boolean vision, boolean jsonSchema) {
  public static final Needs NOTHING = new Needs(false, false, false);
}
