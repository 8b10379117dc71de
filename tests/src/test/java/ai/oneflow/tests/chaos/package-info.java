/// Many requests, each with a fault of its own, against gateways in processes of their own; what
/// the provider says it sent, what callers say they got and what the ledger says was charged are
/// compared for every single request. Everything random comes from one seed, which is printed.
///
/// [FaultPlan] says what is to happen to which request, [ChaosCaller] asks and says what it saw,
/// [Site] is asked and struck, be it one machine or a fleet, [Evidence] brings the three witnesses
/// of a request together, [Contract] says what must be in the ledger, and [Judge] compares. At the
/// end [Counters] are held against the ledger.
@NullMarked
package ai.oneflow.tests.chaos;

import org.jspecify.annotations.NullMarked;
