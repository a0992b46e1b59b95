#!/usr/bin/env bash
# Asks Compose about every file in domain/tests/verdicts and records what it says: accepted or rejected.
# `unseen`, which marks a mistake that no check looks for, stays where it is. To add a case, append its text with any verdict.
# Usage: scripts/record-verdicts.sh PROGRAM   where PROGRAM is docker-compose of the version in the name of the file
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

(($# == 1)) || fail "name the docker-compose program"
program="$(realpath "$1")"
version="$("$program" version --short)"
file="$ROOT/domain/tests/verdicts/compose-${version#v}.txt"
[[ -f $file ]] || fail "there is no $file: the program is another version"

folder="$(mktemp -d)"
trap 'rm -rf -- "$folder"' EXIT
verdict_on() {
  # Nothing is read from the network.
  if (cd "$folder" && COMPOSE_EXPERIMENTAL_GIT_REMOTE=0 COMPOSE_EXPERIMENTAL_OCI_REMOTE=0 "$program" --file "$1" config --quiet >/dev/null 2>&1); then
    echo accepted
  else
    echo rejected
  fi
}

awk -v folder="$folder" '/^=== / { count++; print > (folder "/verdicts"); next } count { print > (folder "/" count ".yml") } !count { print > (folder "/head") }' "$file"
{
  cat "$folder/head"
  count=0
  while IFS= read -r line; do
    count=$((count + 1))
    touch "$folder/$count.yml"
    unseen=
    [[ $line != *unseen* ]] || unseen=", unseen"
    verdict="$(verdict_on "$folder/$count.yml")"
    [[ $verdict == rejected ]] || unseen=
    printf '=== %s%s\n' "$verdict" "$unseen"
    cat "$folder/$count.yml"
  done <"$folder/verdicts"
} >"$folder/new"
mv "$folder/new" "$file"
say "$count verdicts of Compose $version"
