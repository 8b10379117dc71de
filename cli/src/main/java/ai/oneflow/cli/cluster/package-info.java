/// A cluster as a person sees it: objects as trees, so that one that this version cannot read in
/// full is shown all the same. Knows no command.
@NullMarked
package ai.oneflow.cli.cluster;

import org.jspecify.annotations.NullMarked;
