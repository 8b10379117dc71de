package ai.oneflow.standalone.serve;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// How one machine is set up.
///
/// @param manifests the folder of manifests
/// @param secrets the folder of Secrets, where keys are minted to; made if absent
/// @param state where ledger and journal are kept; made if absent
/// @param callers port 0 for a free one
/// @param management port 0 for a free one
public record StandaloneOptions(
    Path manifests,
    Path secrets,
    Path state,
    InetSocketAddress callers,
    InetSocketAddress management) {}
