/// Usage and cost of all recorded traffic, held against what other people's tables say of it.
@NullMarked
package ai.oneflow.tests.usage;

import org.jspecify.annotations.NullMarked;
