#!/usr/bin/env bash
# Checks that every script parses, sets strict mode, and states its purpose in line 2.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

status=0
complain() {
  say "$1: $2"
  status=1
}

while IFS= read -r script; do
  bash -n "$script" || status=1
  [[ "$(sed -n 2p "$script")" == '# '* ]] || complain "$script" "line 2 must say what it does"
  if [[ -x $script ]]; then
    grep -q '^set -euo pipefail$' "$script" || complain "$script" "lacks set -euo pipefail"
  fi
done < <(find scripts .ci -name '*.sh' -o -path .ci/run)

if has shellcheck; then
  find scripts -name '*.sh' -exec shellcheck --external-sources --severity=warning {} + || status=1
fi
exit "$status"
