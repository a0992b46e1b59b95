#!/usr/bin/env bash
# Adds what rust-toolchain.toml names and the toolchain here lacks: the browser target, rustfmt, clippy.
# Usage: scripts/setup/rust.sh [PURPOSE]   (run, test, bench: also the target of static programs)
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

cd "$ROOT"
has cargo || fail "no cargo: install Rust with rustup, then run this again"

# Asked of the compiler and not of rustup: a toolchain from elsewhere is as good.
has_browser_target() { [[ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]]; }

if ! has_browser_target; then
  has rustup || fail "this Rust cannot compile for the browser: add the target wasm32-unknown-unknown"
  say "rustup target add wasm32-unknown-unknown (the app runs in the browser too)"
  rustup target add wasm32-unknown-unknown >&2
fi
# A program that needs no system library: what hosts download, and all that an image of the container tests holds.
static_target="$(uname -m)-unknown-linux-musl"
if [[ ${1:-} == @(run|test|bench) && ! -d "$(rustc --print sysroot)/lib/rustlib/$static_target/lib" ]]; then
  has rustup || fail "this Rust cannot make static programs: add the target $static_target"
  say "rustup target add $static_target (the program that hosts download, and that in the images of the container tests)"
  rustup target add "$static_target" >&2
fi
for component in rustfmt clippy; do
  if ! cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1; then
    say "rustup component add $component (make check)"
    rustup component add "$component" >&2
  fi
done
