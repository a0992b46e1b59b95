#!/usr/bin/env bash
# Checks that deny.toml allows the licence, the source and the kind of every dependency.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

cargo deny --locked --log-level error check bans licenses sources >&2
