#!/usr/bin/env bash
# Sends requests made up from /openapi.json to every route, as each kind of caller, and fails on an answer the document does not
# name, on one of another shape, and on every 5xx. Some twenty minutes; cases and failures are counted at the end.
# Usage: scripts/generated-requests.sh [CALLER…]   CALLER: one of generated-requests/run.mjs (default: all)
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
SCHEMATHESIS_VERSION=4.32.5

"$ROOT/scripts/setup.sh" test
"$ROOT/scripts/build.sh"

export SCHEMATHESIS="$TOOLS/schemathesis-$SCHEMATHESIS_VERSION/bin/schemathesis"
if [[ ! -x $SCHEMATHESIS ]]; then
  say "missing: schemathesis $SCHEMATHESIS_VERSION; putting it into $TOOLS"
  python3 -c 'import venv, ensurepip' 2>/dev/null || "$ROOT/scripts/setup/apt-install.sh" python3-venv
  python3 -m venv "${SCHEMATHESIS%/bin/*}"
  "${SCHEMATHESIS%/*}/pip" install --quiet "schemathesis==$SCHEMATHESIS_VERSION" >&2
fi

cd "$ROOT"
exec node scripts/generated-requests/run.mjs "$@"
