#!/usr/bin/env bash
# Prints the version of every tool, which tools are missing or have the wrong version, and how to get them. Changes nothing.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

status=0

# tool NAME WANTED HOW COMMAND…: the output of COMMAND must contain WANTED (empty: any output is accepted).
tool() {
  local name="$1" wanted="$2" how="$3" answer
  shift 3
  if answer="$("$@" 2>/dev/null | head -1)" && [[ -n $answer ]]; then
    if [[ -z $wanted || $answer == *"$wanted"* ]]; then
      printf '  ok       %-14s %s\n' "$name" "$answer"
    else
      printf '  WRONG    %-14s %s, wanted %s: %s\n' "$name" "$answer" "$wanted" "$how"
      status=1
    fi
  else
    printf '  MISSING  %-14s %s\n' "$name" "$how"
    status=1
  fi
}

# has_target TRIPLE: prints TRIPLE if its standard library is installed.
has_target() { [[ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]] && echo "$1"; }
postgres_version() { "$(postgres_bin)/postgres" --version; }
chromium_version() { "$(chromium_path)" --version; }
node_version() { (($(node_major) >= NODE_MINIMUM)) && node --version; }
playwright_version() { [[ -d end2end/node_modules/@playwright/test ]] && playwright --version; }
tailwind_version() { node -p 'require("./end2end/node_modules/@tailwindcss/cli/package.json").version'; }

wrk_version() { has wrk && { wrk --version 2>&1 || true; }; }

setup() { printf 'scripts/setup.sh %s' "$1"; }

echo "make run"
tool cargo "" "install Rust with rustup" cargo --version
tool rustc "$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)" "rustup takes it from rust-toolchain.toml" rustc --version
tool "wasm target" "" "$(setup run)" has_target wasm32-unknown-unknown
tool cc "" "$(setup run)" cc --version
tool musl-gcc "" "$(setup run) (without it hosts get a program for the same distribution only)" musl-gcc --version
tool "musl target" "" "$(setup run)" has_target "$(uname -m)-unknown-linux-musl"
tool postgres "" "$(setup run) (version $POSTGRES_MINIMUM or newer)" postgres_version
tool node "" "$(setup run) (version $NODE_MINIMUM or newer)" node_version
tool npm "" "$(setup run)" npm --version
tool tailwindcss "4." "$(setup run)" tailwind_version
tool wasm-opt "" "$(setup run)" wasm-opt --version
tool wasm-bindgen "$(wasm_bindgen_version)" "$(setup run) (must equal Cargo.lock)" wasm-bindgen --version
tool cargo-leptos "$CARGO_LEPTOS_VERSION" "$(setup run)" cargo-leptos --version
echo "make test"
tool podman "" "$(setup test)" podman --version
tool runc "" "$(setup test)" runc --version
tool netavark "" "$(setup test)" /usr/lib/podman/netavark --version
tool aardvark-dns "" "$(setup test)" /usr/lib/podman/aardvark-dns --version
tool iptables "" "$(setup test)" iptables --version
tool docker-compose "" "$(setup test)" docker-compose --version
tool rustfmt "" "$(setup check)" cargo fmt --version
tool clippy "" "$(setup check)" cargo clippy --version
tool cargo-deny "$CARGO_DENY_VERSION" "$(setup check)" cargo-deny --version
tool git "" "$(setup check)" git --version
tool playwright "" "$(setup test)" playwright_version
tool chromium "" "$(setup test), or name one in CHROMIUM_PATH" chromium_version
echo "make bench"
tool wrk "wrk" "$(setup bench)" wrk_version
echo
echo "tools we install are in $TOOLS"
exit "$status"
