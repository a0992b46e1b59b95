#!/usr/bin/env bash
# Runs a command with a temporary container engine: a Podman with its own storage, networks and socket in a folder that is
# removed afterwards. DOCKER_HOST names its socket; the image `stacker.test/app:1` (and `:2`) is available.
# Existing containers, images, networks and settings of this machine are not touched.
# Usage: scripts/with-test-podman.sh COMMAND [ARGUMENT…]
#
# The settings also work in a container or a small virtual machine without systemd (tested on Debian 12): runc instead of crun,
# explicit limits, cgroupfs, a storage driver that needs no overlay, a separate folder for netavark.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

(($# > 0)) || fail "name the command to run"
for tool in podman runc docker-compose; do
  has "$tool" || fail "$tool is missing: scripts/setup.sh test installs it"
done
# The engine runs as root, because its networks need that; the command runs as the calling user.
as_root=()
if ((EUID != 0)); then
  has sudo || fail "the engine of the tests needs root, and there is no sudo: run this as root"
  as_root=(sudo --)
fi

# One test engine at a time: networks and published ports belong to the whole machine. What is started from here does not inherit the
# lock, because some processes of the engine outlive it by minutes.
lock=/tmp/stacker-test-engine.lock
[[ -e $lock ]] || (umask 0 && : >>"$lock")
exec 8<"$lock"
if ! flock --nonblock 8; then
  say "waiting for another run of the container tests on this machine"
  flock 8
fi

# The path of a socket is limited to 107 bytes, so a long TMPDIR cannot be used.
parent="${TMPDIR:-/tmp}"
((${#parent} < 60)) || parent=/tmp
folder="$(mktemp -d "$parent/stacker-podman.XXXXXX")"
mkdir -p "$folder"/{storage,run,tmp,networks,image}

cat >"$folder/containers.conf" <<CONF
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$folder/tmp"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[network]
network_backend = "netavark"
network_config_dir = "$folder/networks"
default_subnet = "10.213.0.0/16"
default_subnet_pools = [{"base" = "10.214.0.0/16", "size" = 24}]
CONF
printf '[storage]\ndriver = "vfs"\nrunroot = "%s/run"\ngraphroot = "%s/storage"\n' "$folder" "$folder" >"$folder/storage.conf"
printf '{"default": [{"type": "insecureAcceptAnything"}]}\n' >"$folder/policy.json"
# Without this, Podman would look for short image names in registries and wait for their answers.
printf 'unqualified-search-registries = []\n[[registry]]\nprefix = "stacker.test"\nlocation = "127.0.0.1:1"\ninsecure = true\n' >"$folder/registries.conf"

own_podman() {
  "${as_root[@]}" env CONTAINERS_CONF="$folder/containers.conf" CONTAINERS_STORAGE_CONF="$folder/storage.conf" \
    CONTAINERS_REGISTRIES_CONF="$folder/registries.conf" \
    podman --root "$folder/storage" --runroot "$folder/run" --tmpdir "$folder/tmp" --storage-driver vfs "$@" 8<&-
}

service=
remove_engine() {
  own_podman rm --all --force --time 0 >/dev/null 2>&1 || true
  own_podman network prune --force >/dev/null 2>&1 || true
  [[ -z $service ]] || "${as_root[@]}" bash -c 'source "$1"; end_tree "$2"' bash "$ROOT/scripts/child-processes.sh" "$service"
  # Killed containers may leave mounts behind, which would prevent the removal of the folder.
  while read -r mount; do "${as_root[@]}" umount -l "$mount" 2>/dev/null || true; done < <(awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r)
  "${as_root[@]}" rm -rf -- "$folder"
}
trap remove_engine EXIT
trap 'exit 143' INT TERM HUP

# Builds the image, which contains one static program.
target=x86_64-unknown-linux-musl
[[ $(uname -m) == x86_64 ]] || target="$(uname -m)-unknown-linux-musl"
rustc -O -C strip=symbols --edition 2024 --target "$target" -o "$folder/image/app" "$ROOT/end2end/images/app.rs" ||
  fail "the program of the test image cannot be built: rustup target add $target"
cp "$ROOT/end2end/images/Containerfile" "$folder/image/"
own_podman build --quiet --isolation chroot --signature-policy "$folder/policy.json" --tag stacker.test/app:1 --tag stacker.test/app:2 "$folder/image" >"$folder/build.log" 2>&1 ||
  fail "the test image cannot be built: $(tail -3 "$folder/build.log")"

own_podman system service --time 0 "unix://$folder/engine.sock" >"$folder/service.log" 2>&1 &
service=$!
for ((tries = 0; tries < 100; tries++)); do
  [[ -S $folder/engine.sock ]] && break
  is_alive "$service" || fail "Podman does not start: $(tail -3 "$folder/service.log")"
  sleep 0.1
done
[[ -S $folder/engine.sock ]] || fail "Podman does not answer: $(tail -3 "$folder/service.log")"

# Only its owner can enter the folder, so no other user can reach the socket.
((EUID == 0)) || "${as_root[@]}" chown "$EUID" "$folder/engine.sock"

export DOCKER_HOST="unix://$folder/engine.sock" STACKER_TEST_ENGINE="$folder/engine.sock"
status=0
run_stoppable "$@" 8<&- || status=$?
exit "$status"
