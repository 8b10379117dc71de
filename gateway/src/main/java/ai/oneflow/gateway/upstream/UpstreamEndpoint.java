package ai.oneflow.gateway.upstream;

import java.time.Duration;

/// Where connections go; those to equal endpoints are pooled together.
///
/// @param connect how long a connection may take until it can be used
public record UpstreamEndpoint(String host, int port, Security security, Duration connect) {}
