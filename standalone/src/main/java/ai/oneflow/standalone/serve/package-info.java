/// Runs a gateway by what the folder says: resolve and build as the operator does, offer the
/// snapshot, and tell what is not as the manifests want it.
///
/// This package knows both planes; nothing else may import it but the program itself.
@NullMarked
package ai.oneflow.standalone.serve;

import org.jspecify.annotations.NullMarked;
