/// Puts together what the pods of one LLMGateway are told: a complete, consistent snapshot, in
/// which nothing points to what is not there.
///
/// Pure functions of a [ai.oneflow.operator.resolve.Resolution] and of what gateways refused. This
/// package knows no manifest and no connection.
@NullMarked
package ai.oneflow.operator.build;

import org.jspecify.annotations.NullMarked;
