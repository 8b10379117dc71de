/// Programs of this repository in processes of their own, for tests that kill them. Knows how Java
/// is started and nothing of what runs.
@NullMarked
package ai.oneflow.tests.process;

import org.jspecify.annotations.NullMarked;
