#!/usr/bin/env bash
# Starts every app of the catalogue, waits until it is healthy, and records the result in its data file: `checked` and `started`.
# Needs Docker or Podman (DOCKER_HOST names its socket), `docker compose` or `docker-compose`, and a registry to pull images from.
# An app whose image cannot be pulled keeps what its file says. Containers and volumes of the tries are removed afterwards.
# Usage: scripts/try-apps.sh [FILE…]   without files: all of domain/src/catalog/apps
#        SECONDS_TO_HEALTHY=600 scripts/try-apps.sh domain/src/catalog/apps/nextcloud.json
set -euo pipefail
# The program that writes the compose files needs no optimisation.
STACKER_PROFILE=debug
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

patience="${SECONDS_TO_HEALTHY:-300}"
files=("$@")
((${#files[@]} > 0)) || files=("$ROOT"/domain/src/catalog/apps/*.json)

# The engine's own program answers questions about containers. Podman starts health checks only if it is asked to where there is no
# systemd, so it is preferred when it is the engine behind the socket.
if [[ -n ${DOCKER_HOST:-} ]] && has podman && podman --remote --url "$DOCKER_HOST" info >/dev/null 2>&1; then
  engine=(podman --remote --url "$DOCKER_HOST")
elif has docker && docker info >/dev/null 2>&1; then
  engine=(docker)
else
  fail "no container engine answers: start Docker, or Podman's socket (podman system service) and set DOCKER_HOST"
fi
if has docker && docker compose version >/dev/null 2>&1; then
  compose=(docker compose)
elif has docker-compose; then
  compose=(docker-compose)
else
  fail "there is neither 'docker compose' nor 'docker-compose'"
fi

folder="$(mktemp -d)"
project=
stop() {
  [[ -n $project ]] || return 0
  "${compose[@]}" --project-name "$project" --file "$folder/compose.yml" down --volumes --timeout 5 >/dev/null 2>&1 || true
  project=
}
trap 'stop; rm -rf -- "$folder"' EXIT
trap 'exit 143' INT TERM HUP

in_project() {
  "${compose[@]}" --project-name "$project" --file "$folder/compose.yml" "$@"
}

# Whether every image of the file is here or can be pulled.
have_images() {
  local image
  while read -r image; do
    "${engine[@]}" image inspect "$image" >/dev/null 2>&1 || "${engine[@]}" pull --quiet "$image" >/dev/null 2>"$folder/pull.log" || return 1
  done < <(sed -n 's/^    image: //p' "$folder/compose.yml")
}

# Prints the state of a container: healthy, starting, unhealthy, or a word such as exited.
state_of() {
  [[ ${engine[0]} != podman ]] || "${engine[@]}" healthcheck run "$1" >/dev/null 2>&1 || true
  "${engine[@]}" inspect --format '{{if eq .State.Status "running"}}{{if .State.Health}}{{.State.Health.Status}}{{end}}{{else}}{{.State.Status}}{{end}}' "$1"
}

becomes_healthy() {
  local deadline=$((SECONDS + patience)) container waiting
  while ((SECONDS < deadline)); do
    waiting=
    while read -r container; do
      [[ "$(state_of "$container")" == healthy ]] || waiting=1
    done < <(in_project ps --quiet)
    [[ -n $waiting ]] || return 0
    sleep 2
  done
  return 1
}

record() {
  sed -i -e "s/^  \"checked\": \"[^\"]*\"/  \"checked\": \"$(date -u +%F)\"/" -e "s/^  \"started\": \"[^\"]*\"/  \"started\": \"$2\"/" "$1"
}

cd "$ROOT"
cargo build --quiet --package domain --example app_stack
started=0 failed=0 untried=0
for file in "${files[@]}"; do
  app="$(basename "$file" .json)"
  "$TARGET/debug/examples/app_stack" "$file" >"$folder/compose.yml"
  project="stacker-try-$app"
  if ! have_images; then
    say "$app: not tried, its image cannot be pulled: $(tail -1 "$folder/pull.log")"
    untried=$((untried + 1))
  elif in_project up --detach >"$folder/up.log" 2>&1 && becomes_healthy; then
    say "$app: started and healthy"
    record "$file" yes
    started=$((started + 1))
  else
    say "$app: did not become healthy in $patience s"
    tail -3 "$folder/up.log" >&2
    in_project logs --tail 10 >&2 || true
    record "$file" no
    failed=$((failed + 1))
  fi
  stop
done
say "$started started, $failed failed, $untried not tried"
((untried < ${#files[@]})) || fail "no image could be pulled: is a registry reachable from here?"
((failed == 0))
