#!/usr/bin/env bash
# Downloads the source archive of a Python package and unpacks it. Nothing is built and nothing is installed into any Python.
# Usage: scripts/setup/unpack-sdist.sh PACKAGE==VERSION FOLDER SHA256
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

(($# == 3)) || fail "name a package with its version, a folder and a checksum"
requirement="$1" folder="$2" checksum="$3"
if ! python3 -m pip --version >/dev/null 2>&1; then
  "$ROOT/scripts/setup/apt-install.sh" python3 python3-pip
fi

mkdir -p "$folder"
printf '%s --hash=sha256:%s\n' "$requirement" "$checksum" >"$folder/requirement.txt"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "${requirement%%==*}" --dest "$folder" \
  --requirement "$folder/requirement.txt" >&2
tar -xzf "$folder"/*.tar.gz -C "$folder" --no-same-owner
