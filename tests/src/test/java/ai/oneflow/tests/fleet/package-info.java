/// Gateways in processes of their own that count in one real Redis and write into one real
/// PostgreSQL, so that each of them can be killed. [Fleet] starts and ends them; what it is used
/// for is in the tests. Knows no operator: a fleet is given its configuration in a file.
@NullMarked
package ai.oneflow.tests.fleet;

import org.jspecify.annotations.NullMarked;
