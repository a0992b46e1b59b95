#!/usr/bin/env bash
# Keeps compiled dependencies in the tool folder, so that the next clone does not compile them again. Only what comes from the
# registry, never our own crates. Everything is copied: clones share no file, and cargo's fingerprints decide what is fresh.
# Usage: scripts/dependency-cache.sh restore   into a target folder where nothing has been compiled yet
#        scripts/dependency-cache.sh save      when the target folder holds dependencies that the cache lacks
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$ROOT"

cache="$TOOLS/dependencies"
# All sets together. The set that was used longest ago is removed first.
limit_mib=15360
# A set is what one lock file and one compiler lead to; `units` in it lists PROFILE/NAME-HASH.
entry="$cache/set-$(cat Cargo.lock .cargo/config.toml <(rustc -vV) | sha256sum | cut -c1-16)"
ours="$(sed -n 's/^name = "\(.*\)"$/\1/p' ./*/Cargo.toml | sort -u | paste -sd '|')"
mkdir -p "$cache" "$TARGET"

# The folders in which cargo keeps what it compiled, relative to $1.
profiles() {
  (cd "$1" && find . -maxdepth 4 -name .fingerprint -not -path './fuzz/*' -printf '%P\n' | sed 's,/\.fingerprint$,,')
}

# The dependencies that were compiled in profile folder $1, as NAME-HASH.
units() { find "$1/.fingerprint" -mindepth 1 -maxdepth 1 -printf '%P\n' | grep -vE "^($ours)-[0-9a-f]{16}$" | LC_ALL=C sort; }

# What belongs to the units on stdin in profile folder $1: all of it carries their hash in its name.
paths_of_units() {
  (cd "$1" && awk '
    NR == FNR { hashes[substr($0, length($0) - 15)]; print ".fingerprint/" $0; next }
    match($0, /-[0-9a-f]+(\.[a-z.]+)?$/) && substr($0, RSTART + 1, 16) in hashes
  ' - <(find deps build -mindepth 1 -maxdepth 1))
}

# Under a lock, so that nobody reads a set that is being replaced or removed.
restore() {
  local profile from="$entry" seed
  # A new lock file shares most dependencies with the one before it.
  [[ -d $from ]] || from="$(find "$cache" -maxdepth 1 -name 'set-*' -printf '%T@ %p\n' | sort -rn | sed -n '1s/^[^ ]* //p')"
  [[ -n $from ]] || return 0
  touch "$from"
  for profile in $(profiles "$from"); do
    [[ ! -e $TARGET/$profile/.fingerprint ]] || continue
    say "copying compiled dependencies ($profile) from $from"
    # An interrupted copy must not pass for what cargo has finished.
    seed="$(mktemp -d "$TARGET/.seed.XXXXXX")"
    cp -a --reflink=auto "$from/$profile/." "$seed"
    mkdir -p "$TARGET/$profile"
    rm -rf -- "$TARGET/$profile"/{deps,build}
    mv "$seed"/* "$TARGET/$profile/"
    mv "$seed/.fingerprint" "$TARGET/$profile/"
    rmdir "$seed"
  done
}

save() {
  local profile new list
  new="$(mktemp -d "$cache/.new.XXXXXX")"
  # shellcheck disable=SC2064 # the folder's name of now
  trap "rm -rf -- '$new'" EXIT
  for profile in $(profiles "$TARGET"); do
    units "$TARGET/$profile" | sed "s,^,$profile/,"
  done >"$new/units"
  if [[ -f $entry/units && -z "$(LC_ALL=C comm -23 <(LC_ALL=C sort "$new/units") <(LC_ALL=C sort "$entry/units"))" ]]; then
    return 0
  fi

  say "keeping compiled dependencies in $entry"
  for profile in $(profiles "$TARGET"); do
    mkdir -p "$new/$profile"
    units "$TARGET/$profile" | paths_of_units "$TARGET/$profile" |
      tar -C "$TARGET/$profile" --format=posix -cf - --files-from - | tar -C "$new/$profile" -xf -
  done
  # What other kinds of builds have left in the same set stays.
  if [[ -d $entry ]]; then
    for profile in $(profiles "$entry"); do
      [[ ! -e $new/$profile ]] || continue
      mkdir -p "$(dirname "$new/$profile")"
      mv "$entry/$profile" "$new/$profile"
      grep "^$profile/" "$entry/units" >>"$new/units" || true
    done
    rm -rf -- "$entry"
  fi
  mv "$new" "$entry"

  while (($(du -sm "$cache" | cut -f1) > limit_mib)); do
    list="$(find "$cache" -maxdepth 1 -name 'set-*' -printf '%T@ %p\n' | sort -n)"
    (($(wc -l <<<"$list") > 1)) || break
    rm -rf -- "$(sed -n '1s/^[^ ]* //p' <<<"$list")"
  done
}

exec 9>"$cache/.lock"
flock 9
case "${1:-}" in
  restore) restore ;;
  save) save ;;
  *) fail "restore or save?" ;;
esac
