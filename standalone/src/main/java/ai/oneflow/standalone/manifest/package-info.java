/// Reads a folder of manifests and judges each of them as the API server would.
///
/// This package knows files, lines and the kinds; it must not know gateways, nor what became of a
/// manifest after it was taken.
@NullMarked
package ai.oneflow.standalone.manifest;

import org.jspecify.annotations.NullMarked;
