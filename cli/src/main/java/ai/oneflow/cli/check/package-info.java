/// What is looked at in an installation and judged: whether it works, what is wrong with resources,
/// and whether it is fit for production. What cannot be known is said to be unknown.
@NullMarked
package ai.oneflow.cli.check;

import org.jspecify.annotations.NullMarked;
