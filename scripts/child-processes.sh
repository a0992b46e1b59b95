# shellcheck shell=bash
# Ending what a script has started. Sourced by scripts that start long work, never run.
# Bash dies of SIGTERM without telling its children, and a build would go on for minutes.

# Prints the ids of all processes below $1, deepest first.
descendants() {
  local child
  # shellcheck disable=SC2013 # ids have no spaces
  for child in $(cat "/proc/$1"/task/*/children 2>/dev/null || true); do
    descendants "$child"
    printf '%s\n' "$child"
  done
}

# Whether process $1 still does anything; a zombie waits only to be collected.
is_alive() {
  [[ -r /proc/$1/status ]] && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

# Ends process $1 and all below it: politely, and after 8 seconds by force.
end_tree() {
  local all tries process
  mapfile -t all < <(descendants "$1"; printf '%s\n' "$1")
  kill -TERM "${all[@]}" 2>/dev/null || true
  for ((tries = 0; tries < 80; tries++)); do
    for process in "${all[@]}"; do
      if is_alive "$process"; then
        sleep 0.1
        continue 2
      fi
    done
    return 0
  done
  kill -KILL "${all[@]}" 2>/dev/null || true
}

# Runs a command to its end; when this script gets INT, TERM or HUP meanwhile, ends the command and all it started,
# and returns 143.
run_stoppable() {
  local child status=0
  SIGNALLED=
  trap 'SIGNALLED=1' INT TERM HUP
  "$@" <&0 &
  child=$!
  wait "$child" || status=$?
  if [[ -n $SIGNALLED ]]; then
    end_tree "$child"
    status=143
  fi
  trap - INT TERM HUP
  return "$status"
}
