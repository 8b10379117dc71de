/// Keeps Secrets in a folder, laid out as Kubernetes mounts them: `<name>/<key>`. Minted keys are
/// put there, too.
///
/// The one package here that sees plaintext; nothing of it goes into messages.
@NullMarked
package ai.oneflow.standalone.secret;

import org.jspecify.annotations.NullMarked;
