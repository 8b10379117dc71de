/// What people write and read is the same wherever it is judged: on a real API server and without
/// one.
@NullMarked
package ai.oneflow.tests.contract;

import org.jspecify.annotations.NullMarked;
