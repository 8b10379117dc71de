/// A stand-in for LLM providers: speaks OpenAI's wire, behaves and misbehaves as it is told.
///
/// A request is answered in four steps that can be read off the types: [Provider] chooses a
/// surface, a surface drafts the honest [Draft], [Staging] turns draft and [Script] into a list of
/// [Step]s, and [Playback] performs the steps on a socket. Only [Simulator], [Connection],
/// [Playback] and the fast mode know Netty. The package knows nothing of the gateway that it is
/// used to test.
@NullMarked
package ai.oneflow.simulator;

import org.jspecify.annotations.NullMarked;
