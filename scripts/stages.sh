# shellcheck shell=bash
# Running work in stages whose times are printed at the end. Sourced by scripts that do long work, never run.

stage_times=()
failed_stages=()

# minutes SECONDS: as text.
minutes() { printf '%3d min %02d s' $(($1 / 60)) $(($1 % 60)); }

# stage NAME COMMAND…: runs it and remembers its time and whether it failed; the script goes on in either case.
# Of a function the last command counts: join several with &&.
stage() {
  local name="$1" begin=$SECONDS result=ok
  shift
  say "==> $name"
  if ! "$@"; then
    result=FAILED
    failed_stages+=("$name")
  fi
  stage_times+=("$(printf '%-10s %-7s %s' "$name" "$result" "$(minutes $((SECONDS - begin)))")")
}

# Compiled dependencies that other clones have left, or that we leave for them. Without them all is compiled: slower, no failure.
restore_dependencies() { "$ROOT/scripts/dependency-cache.sh" restore || say "no compiled dependencies are taken"; }
save_dependencies() { "$ROOT/scripts/dependency-cache.sh" save || say "no compiled dependencies are kept"; }
