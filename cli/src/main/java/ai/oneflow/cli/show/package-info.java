/// How answers are written out for a person. Knows neither cluster nor command.
@NullMarked
package ai.oneflow.cli.show;

import org.jspecify.annotations.NullMarked;
