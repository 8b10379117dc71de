/// Holds the judge to what the API server says.
@NullMarked
package ai.oneflow.api.validation;

import org.jspecify.annotations.NullMarked;
