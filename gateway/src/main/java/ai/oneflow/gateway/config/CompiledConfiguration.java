package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A snapshot made ready for the request path. Immutable; an exchange keeps the one it began with.
///
/// @param routes by public model name
/// @param keyIds all ApiKeys
/// @param models the public names in alphabetical order
public record CompiledConfiguration(
    SnapshotVersion version,
    GatewayEntry gateway,
    KeyTable keys,
    Map<EntryKey, CompiledProvider> providers,
    Map<String, CompiledRoute> routes,
    Set<EntryKey> keyIds,
    List<String> models) {}
