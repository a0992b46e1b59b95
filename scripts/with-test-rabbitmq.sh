#!/usr/bin/env bash
# Runs a command with a private RabbitMQ node on 127.0.0.1, which is removed afterwards with all its data.
# Existing services, nodes and their epmd are not touched: this one has its own folder, ports and epmd.
# Usage: scripts/with-test-rabbitmq.sh [--while-booting] COMMAND [ARGUMENT…]
#   --while-booting   runs the command at once, beside the boot (about 6 s): for a command that compiles first
# The command finds in its environment:
#   STACKER_TEST_AMQP_URL     the broker, as guest in the virtual host /
#   STACKER_TEST_AMQPS_PORT   its port for TLS, as localhost
#   STACKER_TEST_AMQPS_CA     the file of the authority that its certificate is from
#   STACKER_TEST_RABBITMQCTL  a program like rabbitmqctl for this node (stop_app, close_all_connections, …)
#   STACKER_TEST_RABBITMQ_KILL  a program that kills this node and returns when it is back
#   STACKER_TEST_AMQP_VHOSTS  a folder with a file for each unused virtual host: removing the file claims it.
#                             There, the user `listener` (password `listener`) may do what version 0.2.1 did, and no more.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=scripts/child-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/child-processes.sh"

waits_for_boot=1
if [[ ${1:-} == --while-booting ]]; then
  waits_for_boot=
  shift
fi
(($# > 0)) || fail "name the command to run"
programs="$(rabbitmq_programs)" || fail "RabbitMQ is missing (Debian package rabbitmq-server): scripts/setup.sh test installs it"
epmd="$(command -v epmd)" || fail "epmd is missing (Debian package erlang-base): scripts/setup.sh test installs it"
has openssl || fail "openssl is missing: scripts/setup.sh test installs it"

folder="$(mktemp -d "${TMPDIR:-/tmp}/stacker-mq.XXXXXX")"
mkdir "$folder/vhosts"

# As root, the node runs as the package's own user, for whom the broker's files were made.
as_owner=()
if ((EUID == 0)); then
  as_owner=(setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups)
fi

node='' mapper='' watcher=''
remove_node() {
  # By force: none of its data is kept, and an orderly stop takes seconds. The shell around the node collects it and ends.
  local processes=()
  rm -f -- "$folder/again"
  [[ -z $watcher ]] || kill -KILL "$watcher" 2>/dev/null || true
  [[ -z $node ]] || mapfile -t processes < <(descendants "$node")
  kill -KILL ${mapper:+"$mapper"} "${processes[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf -- "$folder"
}
trap remove_node EXIT
trap 'exit 143' INT TERM HUP

answers() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports that the system gives to outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! answers "$port"; then
      printf '%s\n' "$port"
      return
    fi
  done
}
amqp_port="$(free_port)"
tls_port="$(free_port)"

# Read by the node and by rabbitmqctl.
cat >"$folder/environment" <<EOF
export HOME='$folder'
export ERL_EPMD_ADDRESS=127.0.0.1
export ERL_EPMD_PORT=$(free_port)
export ERL_CRASH_DUMP_SECONDS=0
export RABBITMQ_NODENAME=stacker_test_$$@localhost
export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
export RABBITMQ_NODE_PORT=$amqp_port
export RABBITMQ_DIST_PORT=$(free_port)
export RABBITMQ_CONF_ENV_FILE='$folder/none'
export RABBITMQ_CONFIG_FILE='$folder/rabbitmq.conf'
export RABBITMQ_ADVANCED_CONFIG_FILE='$folder/none'
export RABBITMQ_ENABLED_PLUGINS_FILE='$folder/enabled_plugins'
export RABBITMQ_MNESIA_BASE='$folder/mnesia'
export RABBITMQ_LOG_BASE='$folder/log'
export RABBITMQ_PID_FILE='$folder/pid'
# One scheduler that sleeps when idle: the cores belong to what is tested.
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +SDcpu 1:1 +SDio 1 +A 2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}'
export RABBITMQ_CTL_ERL_ARGS='+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}'
EOF

# A node that is short of disk space blocks all publishers; a test machine often is.
cat >"$folder/rabbitmq.conf" <<EOF
disk_free_limit.absolute = 1MB
log.file.level = warning
load_definitions = $folder/definitions.json
listeners.ssl.1 = 127.0.0.1:$tls_port
ssl_options.cacertfile = $folder/ca.pem
ssl_options.certfile = $folder/server.pem
ssl_options.keyfile = $folder/server.key
ssl_options.verify = verify_none
EOF
printf '[].\n' >"$folder/enabled_plugins"

# certificate NAME SUBJECT OPTION…
certificate() {
  local name="$1" subject="$2"
  shift 2
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$subject" \
    -keyout "$folder/$name.key" -out "$folder/$name.pem" "$@" 2>>"$folder/certificates.log" ||
    fail "openssl made no certificate: $(tail -3 "$folder/certificates.log")"
}
certificate ca "the authority of a test" -addext basicConstraints=critical,CA:TRUE
certificate server localhost -CA "$folder/ca.pem" -CAkey "$folder/ca.key" \
  -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost

# All made at boot: one call of rabbitmqctl takes longer than that.
# may USER VHOST PATTERN: everything with what is called like that.
may() { printf '{"user":"%s","vhost":"%s","configure":"%s","write":"%s","read":"%s"}' "$1" "$2" "$3" "$3" "$3"; }
vhosts='{"name":"/"}' permissions="$(may guest / '.*')"
for number in {1..64}; do
  vhosts+=",{\"name\":\"test-$number\"}"
  permissions+=",$(may guest "test-$number" '.*'),$(may listener "test-$number" '^(install_progress|stacker_listener)$')"
  : >"$folder/vhosts/test-$number"
done
cat >"$folder/definitions.json" <<EOF
{"vhosts":[$vhosts],"permissions":[$permissions],
 "users":[{"name":"guest","password":"guest","tags":["administrator"]},{"name":"listener","password":"listener","tags":[]}]}
EOF

cat >"$folder/rabbitmqctl" <<EOF
#!/usr/bin/env bash
# rabbitmqctl for the private node of a test.
set -euo pipefail
source '$folder/environment'
cd '$folder'
exec ${as_owner[@]+"${as_owner[@]}"} '$programs/rabbitmqctl' "\$@"
EOF
chmod 755 "$folder" "$folder/rabbitmqctl"
if ((EUID == 0)); then chown -R rabbitmq: "$folder"; fi

cat >"$folder/kill-node" <<EOF
#!/usr/bin/env bash
# Kills the private node of a test, as a crash does, and returns when it accepts connections again.
set -euo pipefail
process="\$(cat '$folder/pid')"
touch '$folder/again'
kill -KILL "\$process"
while kill -0 "\$process" 2>/dev/null; do sleep 0.05; done
for ((tries = 0; tries < 900; tries++)); do
  ! (: <"/dev/tcp/127.0.0.1/$amqp_port") 2>/dev/null || exit 0
  sleep 0.1
done
tail -5 '$folder/boot.log' >&2
exit 1
EOF
chmod 755 "$folder/kill-node"

# Runs the node, and again after kill-node has ended it.
boot() {
  # shellcheck source=/dev/null
  source "$folder/environment"
  cd "$folder"
  while :; do
    rm -f -- "$folder/again"
    ${as_owner[@]+"${as_owner[@]}"} "$programs/rabbitmq-server" </dev/null >"$folder/boot.log" 2>&1 || true
    [[ -e $folder/again ]] || return 0
  done
}
map_ports() {
  # shellcheck source=/dev/null
  source "$folder/environment"
  cd /
  exec ${as_owner[@]+"${as_owner[@]}"} "$epmd" -port "$ERL_EPMD_PORT" -address 127.0.0.1 </dev/null >/dev/null 2>&1
}
map_ports &
mapper=$!
boot 2>/dev/null &
node=$!

wait_until_booted() {
  local tries
  for ((tries = 0; tries < 900; tries++)); do
    ! answers "$amqp_port" || return 0
    is_alive "$node" || break
    sleep 0.1
  done
  say "error: RabbitMQ did not start: $(tail -5 "$folder/boot.log")"
  return 1
}
if [[ -n $waits_for_boot ]]; then
  wait_until_booted || exit 1
else
  wait_until_booted &
  watcher=$!
fi

export STACKER_TEST_AMQP_URL="amqp://guest:guest@127.0.0.1:$amqp_port/%2f"
export STACKER_TEST_AMQPS_PORT="$tls_port"
export STACKER_TEST_AMQPS_CA="$folder/ca.pem"
export STACKER_TEST_RABBITMQCTL="$folder/rabbitmqctl"
export STACKER_TEST_RABBITMQ_KILL="$folder/kill-node"
export STACKER_TEST_AMQP_VHOSTS="$folder/vhosts"
status=0
run_stoppable "$@" || status=$?
exit "$status"
