package ai.oneflow.operator.status;

/// How the writing of statuses goes.
///
/// @param waiting resources whose status is still to be written
/// @param written since the start
/// @param failed attempts that failed since the start, each of which is made again
public record StatusFigures(int waiting, long written, long failed) {}
