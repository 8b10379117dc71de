package ai.oneflow.tests.dataplane;

import ai.oneflow.gateway.LedgerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where each gateway has a ledger of its own.
final class AddedLimitsFleetIT extends AddedLimitsContract {
  @Override
  LedgerOptions ledger(Path folder) {
    return LedgerOptions.in(folder);
  }

  @Override
  List<GatewayUnderTest.Line> lines(GatewayUnderTest one, GatewayUnderTest two) {
    List<GatewayUnderTest.Line> lines = new ArrayList<>(one.lines(0));
    lines.addAll(two.lines(0));
    return lines;
  }
}
