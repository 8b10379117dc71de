/// How values are written in a manifest: durations, money, sizes, rate limits.
///
/// Each format has one pattern, one reader and one writer, used by the schema, the judge and the
/// operator alike. This package knows no kind of resource.
@NullMarked
package ai.oneflow.api.value;

import org.jspecify.annotations.NullMarked;
