#!/usr/bin/env bash
# Fuzz-tests what untrusted input reaches: headers, cookies, tokens, signatures, compose files, edits, forms, merges.
# Runs each target for SECONDS; ends at the first crash.
# Usage: scripts/fuzz.sh [SECONDS [TARGET…]]   (default: 60, all in fuzz/fuzz_targets)
# Needs a C++ compiler and a nightly Rust compiler: rustup toolchain install nightly
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
has c++ || fail "no C++ compiler, which libFuzzer is written for: apt-get install g++"
cd "$ROOT/fuzz"

seconds="${1:-60}"
shift || true
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(basename --suffix .rs -- fuzz_targets/*.rs)
host="$(rustc -vV | sed -n 's/^host: //p')"

# The flags that `cargo fuzz build --sanitizer none` sets, so that cargo-fuzz need not be installed. No address sanitizer is
# needed, because this code contains no `unsafe`.
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=16" \
  SQLX_OFFLINE=true cargo +nightly build --package fuzz --features link --profile fuzz --target "$host" --target-dir "$TARGET/fuzz" >&2

for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target" "saved/$target"
  say "fuzzing: $target for $seconds s"
  "$TARGET/fuzz/$host/fuzz/$target" "corpus/$target" "saved/$target" -artifact_prefix="artifacts/$target/" \
    -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 -print_funcs=0 >&2
done
