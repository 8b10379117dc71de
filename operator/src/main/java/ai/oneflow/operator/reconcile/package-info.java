/// Follows the cluster: reconcilers that note what changed, and one loop that resolves, builds,
/// pushes and reports.
///
/// The loop is level-triggered: it looks at everything as it is now and not at what has happened,
/// so a missed or repeated event makes no difference.
@NullMarked
package ai.oneflow.operator.reconcile;

import org.jspecify.annotations.NullMarked;
