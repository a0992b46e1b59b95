# shellcheck shell=bash
# What every script needs to know: where things are, which tools we use in which version, how to speak.
# Sourced by the others, never run. A tool that all scripts need to find gets its line here.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
# Which programs are built and started: `release`, which is what ships, or `debug`, which the tests have compiled anyway.
STACKER_PROFILE="${STACKER_PROFILE:-release}"
# shellcheck disable=SC2034 # for the scripts that source this file
PROGRAMS="$TARGET/$STACKER_PROFILE"
case "$STACKER_PROFILE" in
  release | debug) ;;
  *)
    printf 'error: STACKER_PROFILE is %s: release or debug\n' "$STACKER_PROFILE" >&2
    exit 1
    ;;
esac
# The debug programs are compiled by Clippy's compiler: one compile both lints and links. Only what is ours, and never what ships.
# `-D warnings` reaches the compiler through CLIPPY_ARGS, whose words end with this separator.
if [[ $STACKER_PROFILE == debug ]]; then
  # Not rustup's stand-in for it, which would look for the toolchain at each of hundreds of calls.
  RUSTC_WORKSPACE_WRAPPER="$(cd "$ROOT" && rustc --print sysroot 2>/dev/null || true)/bin/clippy-driver"
  CLIPPY_ARGS="-Dwarnings__CLIPPY_HACKERY__"
  export RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS
fi
# Outside the checkout, so that several checkouts share it and `cargo clean` leaves it alone.
TOOLS="${STACKER_TOOLS_DIR:-${XDG_CACHE_HOME:-${HOME:?set HOME or STACKER_TOOLS_DIR}/.cache}/stacker/tools}"

# cargo-leptos 0.3.11 needs a newer Rust than rust-toolchain.toml names.
CARGO_LEPTOS_VERSION=0.3.10
CARGO_DENY_VERSION=0.20.2
# Of the ready programs of that version: x86_64, aarch64.
# shellcheck disable=SC2034 # for scripts/setup/cargo-deny.sh
CARGO_DENY_CHECKSUMS=(
  ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
  0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141
)
# What our reading of compose files is compared with: the program that reads them everywhere else. It exists for x86-64 only.
# shellcheck disable=SC2034 # for scripts/setup/compose-reference.sh
COMPOSE_VERSION=2.40.3
# Of the archive and of the program in it.
# shellcheck disable=SC2034
COMPOSE_ARCHIVE_CHECKSUM=d42aa5ffe26ff876347b62172da739064454ad59ad5dd44de933ec9594e8c1d8
# shellcheck disable=SC2034
COMPOSE_CHECKSUM=dba9d98e1ba5bfe11d88c99b9bd32fc4a0624a30fafe68eea34d61a3e42fd372
# Taken only where the system's Node is older than what Playwright asks for.
NODE_WHEEL_VERSION=24.19.0
NODE_MINIMUM=20
POSTGRES_MINIMUM=15
export ROOT TARGET STACKER_PROFILE TOOLS CARGO_LEPTOS_VERSION CARGO_DENY_VERSION NODE_WHEEL_VERSION NODE_MINIMUM POSTGRES_MINIMUM

# Ours come first: cargo-leptos takes `tailwindcss`, `wasm-opt` and `wasm-bindgen` from PATH as it finds them.
PATH="$ROOT/end2end/node_modules/.bin:$TOOLS/bin:$TOOLS/node/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
export PATH

# Set-up and progress go to stderr: stdout belongs to the server and to results.
say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The version of wasm-bindgen that Cargo.lock holds: the tool of that name must be exactly the same.
wasm_bindgen_version() {
  awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/version = |"/, ""); print; exit }' "$ROOT/Cargo.lock"
}

# The folder of the newest PostgreSQL server programs that are new enough; fails when there are none.
postgres_bin() {
  local initdb major best=0 folder=
  for initdb in "${STACKER_POSTGRES_BIN:-/nonexistent}/initdb" /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
    [[ -x $initdb && -x ${initdb%/*}/postgres ]] || continue
    major="$("$initdb" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')"
    if ((major >= POSTGRES_MINIMUM && major > best)); then
      best=$major
      folder="${initdb%/*}"
    fi
  done
  [[ -n $folder ]] && printf '%s\n' "$folder"
}

# The folder of RabbitMQ's programs. Not those on PATH: Debian's are wrappers that insist on their own user and folder.
rabbitmq_programs() {
  local folder
  for folder in "${STACKER_RABBITMQ_BIN:-/nonexistent}" /usr/lib/rabbitmq/bin /usr/local/sbin; do
    if [[ -x $folder/rabbitmq-server && -x $folder/rabbitmqctl ]]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  return 1
}

# A Chromium that runs; Ubuntu's `chromium-browser` is a stub that only points at a snap, so it is asked for its version.
chromium_path() {
  local candidate path
  for candidate in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [[ -n $candidate ]] || continue
    path="$(command -v "$candidate" || true)"
    if [[ -n $path ]] && "$path" --version >/dev/null 2>&1; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

# The major version of the Node on PATH, 0 without one.
node_major() {
  if has node && has npm; then node --version | sed -E 's/v([0-9]+).*/\1/'; else echo 0; fi
}
