/// Says in `status` what the pods run.
///
/// [ai.oneflow.operator.status.Reporter] works out the conditions, a pure function of what was
/// judged, built and acknowledged; [ai.oneflow.operator.status.StatusWriter] writes those that
/// changed. This package must not know how snapshots are built or pushed.
@NullMarked
package ai.oneflow.operator.status;

import org.jspecify.annotations.NullMarked;
