#!/usr/bin/env bash
# Installs Debian packages without starting, stopping or creating any service.
# Usage: scripts/setup/apt-install.sh PACKAGE…   (asks sudo when not root)
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"

(($# > 0)) || fail "name the packages to install"
has apt-get || fail "no apt-get here: install by hand what these Debian packages hold: $*"
if ((EUID != 0)); then
  has sudo || fail "neither root nor sudo: let an administrator run: apt-get install $*"
  say "installing $* (needs administrator rights)"
  exec sudo -- env "HOME=$HOME" "STACKER_TOOLS_DIR=$TOOLS" bash "${BASH_SOURCE[0]}" "$@"
fi

# Both stand only while apt runs, and only where nobody has put one before:
# no service is started, and the postgresql package makes no cluster of its own.
no_services=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/stacker-setup.conf
made=()
take_back() { ((${#made[@]} == 0)) || rm -f -- "${made[@]}"; }
trap take_back EXIT

if [[ ! -e $no_services ]]; then
  made+=("$no_services")
  printf '#!/bin/sh\nexit 101\n' >"$no_services"
  chmod 755 "$no_services"
fi
if [[ ! -e $no_cluster ]]; then
  mkdir -p "${no_cluster%/*}"
  made+=("$no_cluster")
  echo 'create_main_cluster = false' >"$no_cluster"
fi

export DEBIAN_FRONTEND=noninteractive
apt_options=(-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
say "apt-get install $*"
apt-get "${apt_options[@]}" update -qq >&2 || say "apt-get update had errors; trying with the lists there are"
apt-get "${apt_options[@]}" install -qq -y --no-install-recommends "$@" >&2
