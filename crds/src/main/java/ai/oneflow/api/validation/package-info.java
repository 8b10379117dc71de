/// Judges a manifest as the API server would, in its words, where there is no API server.
///
/// The phases are the API server's: decode strictly, fill in defaults, check the structure, check
/// keys of lists, evaluate rules; what a phase finds may keep the next from running, as there. The
/// schemas are those of the CRDs that ship with this module. Nothing here knows a kind by name.
/// Needs `dev.cel:cel`, which this module declares as optional.
@NullMarked
package ai.oneflow.api.validation;

import org.jspecify.annotations.NullMarked;
