/// `kubectl oneflow`: the commands, their options, and how they end. Asks the API server, and
/// gateways only through it; must not know what runs there.
@NullMarked
package ai.oneflow.cli;

import org.jspecify.annotations.NullMarked;
