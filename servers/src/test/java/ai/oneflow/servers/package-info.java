@NullMarked
package ai.oneflow.servers;

import org.jspecify.annotations.NullMarked;
