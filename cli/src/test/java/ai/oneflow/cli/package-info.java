/// Tests of the commands.
@NullMarked
package ai.oneflow.cli;

import org.jspecify.annotations.NullMarked;
