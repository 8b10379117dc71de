/// Proves that values read back as they were written.
@NullMarked
package ai.oneflow.api.value;

import org.jspecify.annotations.NullMarked;
