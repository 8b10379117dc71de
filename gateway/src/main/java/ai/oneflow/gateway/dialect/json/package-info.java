/// Finds a few fields in JSON as its bytes come by, and builds no tree.
///
/// A library parser would be the choice but for three needs: it must stop at any byte and go on
/// with the next buffer, it must say at which byte a value stands so that the value can be spliced,
/// and it must cost about a nanosecond a byte. This package knows no dialect and no HTTP.
@NullMarked
package ai.oneflow.gateway.dialect.json;

import org.jspecify.annotations.NullMarked;
