package ai.oneflow.api.validation;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Composes nodes that do not nest too deep: the composer calls itself for each level, and a text
/// of nothing but brackets would end the thread's stack.
final class BoundedComposer extends Composer {
  static final int MAX_DEPTH = 64;

  private int depth;

  BoundedComposer(LoadSettings settings, String yaml) {
    super(settings, new ParserImpl(settings, new StreamReader(settings, yaml)));
  }

  @Override
  protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
    descend();
    SequenceNode sequence = super.composeSequenceNode(anchor);
    depth--;
    return sequence;
  }

  @Override
  protected Node composeMappingNode(Optional<Anchor> anchor) {
    descend();
    Node mapping = super.composeMappingNode(anchor);
    depth--;
    return mapping;
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw new ComposerException("exceeded max depth", parser.peekEvent().getStartMark());
    }
  }
}
