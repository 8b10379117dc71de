/// Tests of the judgements.
@NullMarked
package ai.oneflow.cli.check;

import org.jspecify.annotations.NullMarked;
