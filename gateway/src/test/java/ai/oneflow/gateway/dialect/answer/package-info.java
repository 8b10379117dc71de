/// Usage in answers of every dialect, read in every way in which their bytes may be cut.
@NullMarked
package ai.oneflow.gateway.dialect.answer;

import org.jspecify.annotations.NullMarked;
