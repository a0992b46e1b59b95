#!/usr/bin/env bash
# Checks that the browser crate does not depend on server crates, which do not run in browsers and would add to the download.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

graph="$(cargo tree --package frontend --target wasm32-unknown-unknown --edges normal,no-proc-macro --prefix none --format '{p}')"
if strays="$(grep -E '^(tokio|tokio-[a-z]+|sqlx|sqlx-[a-z]+|axum|axum-[a-z]+|reqwest|hyper|stacker|server) v' <<<"$graph" | sort -u)"; then
  say "$strays"
  fail "the browser crate depends on the above: make them optional behind the feature \`ssr\` of \`app\`"
fi
