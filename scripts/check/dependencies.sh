#!/usr/bin/env bash
# No dependency under a licence, from a place or of a kind that deny.toml does not allow.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

cargo deny --locked --log-level error check bans licenses sources >&2
