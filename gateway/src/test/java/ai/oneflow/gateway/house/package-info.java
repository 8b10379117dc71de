/// The rules of the house for the gateway, held against its classes.
@NullMarked
package ai.oneflow.gateway.house;

import org.jspecify.annotations.NullMarked;
