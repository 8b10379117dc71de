/// Tests of callers' keys.
@NullMarked
package ai.oneflow.cli.key;

import org.jspecify.annotations.NullMarked;
