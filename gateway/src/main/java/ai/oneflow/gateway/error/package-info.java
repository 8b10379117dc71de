/// What can go wrong: one closed list of codes, and an error as a value. It knows no dialect and no
/// HTTP library; each dialect renders these errors in its own shape.
@NullMarked
package ai.oneflow.gateway.error;

import org.jspecify.annotations.NullMarked;
