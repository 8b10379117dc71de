package ai.oneflow.gateway.ledger;

import java.util.function.Supplier;

/// Keeps the price lists that charges are made by, so that each charge can be recomputed from the
/// version that it names.
public interface PriceLists {

  /// Keeps a list that came into force; once for each version, whatever is said later. Blocks on
  /// the disk, so no event loop calls it; any other thread may.
  ///
  /// @param content its canonical encoding, asked for where the version is new
  void keep(String version, Supplier<String> content);
}
