/// The resources of `oneflow.ai/v1alpha1`: what a platform team writes and reads back.
///
/// One record for each object of a manifest, with the schema on its components; the CRD YAML and
/// the reference page are generated from here. A component that may be left out either has a
/// default, filled in by the schema on the API server and by the record everywhere else, or is
/// `@Nullable`. This package knows nothing of what the resources do to the system.
@NullMarked
package ai.oneflow.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
