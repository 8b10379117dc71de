/// What the operator may do on a cluster, against what it does.
@NullMarked
package ai.oneflow.tests.rights;

import org.jspecify.annotations.NullMarked;
