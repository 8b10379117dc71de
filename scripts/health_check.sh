#!/usr/bin/env bash
# Whether an installation works: CRDs, operator and its lead, gateways, pods, and one call with --key NAME -n NAMESPACE. A table, or
# --json. Ends with 0 where all is well, 1 where it works in part, 2 where it does not or cannot be asked. It is
# `kubectl oneflow health`; --help tells its options.
set -euo pipefail
arguments=()
for argument in "$@"; do
  if [[ $argument == --json ]]; then arguments+=(--output json); else arguments+=("$argument"); fi
done
exec "$(dirname "${BASH_SOURCE[0]}")/../kubectl-oneflow" health "${arguments[@]}"
