package ai.oneflow.gateway.quota;

import java.util.List;

/// What became of an [Ask].
public sealed interface Taking {

  /// All of it was taken.
  ///
  /// @param standings of all limits afterwards, in the order of the ask
  /// @param shadowed limits in shadow that would have refused it
  record Taken(Hold hold, List<Standing> standings, List<Limit> shadowed) implements Taking {}

  /// Nothing was taken: a limit has no room. Of several it is the one that opens last.
  ///
  /// @param opensMillis until it may fit, if nothing else is asked meanwhile; [#NEVER] where it is
  ///     larger than the whole limit, or the limit's span has no end
  /// @param held it would fit but for requests under way, which may use less than they hold
  record Refused(Standing standing, long opensMillis, boolean held) implements Taking {
    /// It does not open by itself.
    public static final long NEVER = -1;
  }

  /// Nothing was taken: the limit's counter cannot be reached, and the limit refuses then.
  record Unreachable(Limit limit) implements Taking {}
}
