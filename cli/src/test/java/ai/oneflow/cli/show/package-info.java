/// Tests of how answers are written out.
@NullMarked
package ai.oneflow.cli.show;

import org.jspecify.annotations.NullMarked;
