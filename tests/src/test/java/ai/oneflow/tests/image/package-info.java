/// The images of operator and gateway, as they are built and as they start.
@NullMarked
package ai.oneflow.tests.image;

import org.jspecify.annotations.NullMarked;
