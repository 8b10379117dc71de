package ai.oneflow.gateway.config;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.snapshot.EntryKey;
import java.util.Optional;

/// A key as the request path sees it.
///
/// @param sha256 the 32 bytes that a caller's key must hash to
/// @param validUntilMillis when it stops being accepted, in milliseconds since 1970;
///     `Long.MAX_VALUE` for never
/// @param limits all that its requests fall under, those of policies too
/// @param prepaid of a key that spends what was topped up: the limit, but for that amount
/// @param spend the one of its limits that counts what it spends
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
public record CompiledKey(
    EntryKey id,
    byte[] sha256,
    long validUntilMillis,
    boolean suspended,
    Caller caller,
    ModelPatterns models,
    KeyLimits limits,
    Optional<Limit> prepaid,
    Limit spend) {}
