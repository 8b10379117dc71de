/// Holds the records to their schema.
@NullMarked
package ai.oneflow.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
