/// The rules of the house that hold in every module, checked against classes and sources.
@NullMarked
package ai.oneflow.tests.house;

import org.jspecify.annotations.NullMarked;
