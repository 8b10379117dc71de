/// Makes the CRD YAML and the reference page out of the types, and holds what is checked in
/// against them.
@NullMarked
package ai.oneflow.api.schema;

import org.jspecify.annotations.NullMarked;
