/// Recorded provider traffic as values: what a client sent, what the provider answered.
///
/// It reads cassettes and says nothing about what they mean: usage and errors are for whoever asks.
/// It knows no socket; [ai.oneflow.simulator.Simulator] plays what is read here.
@NullMarked
package ai.oneflow.simulator.recording;

import org.jspecify.annotations.NullMarked;
