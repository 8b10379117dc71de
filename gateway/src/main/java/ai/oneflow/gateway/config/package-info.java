/// From a snapshot to what the request path serves by.
///
/// A [ai.oneflow.gateway.config.SnapshotSink] takes snapshots, compiles each as a whole and puts
/// it in force with one write, or refuses it and leaves the former in force. This package knows no
/// request; where snapshots come from is the business of `push` below.
@NullMarked
package ai.oneflow.gateway.config;

import org.jspecify.annotations.NullMarked;
