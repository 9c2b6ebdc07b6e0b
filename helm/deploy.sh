#!/usr/bin/env bash
# One command from a checkout to a running demo on a K3s host. See --help.
# What stands in single quotes is for the shell on HOST, or for the reader.
# shellcheck disable=SC2016
set -euo pipefail

CHART=$(cd "$(dirname "$0")" && pwd)
ROOT=$(dirname "$CHART")

HOST=
RELEASE=demo
NAMESPACE=demo
TIMEOUT=10m
TAG=
DRY_RUN=
CHECKS=yes
VALUES=()
SCRATCH=
CONNECTED=

usage() {
  cat <<'HELP'
Builds the image, loads it into K3s on HOST over ssh, installs or upgrades the chart, waits, runs the
demo's checks inside the cluster, and prints the commands of the demo. Safe to run again at any time.

  helm/deploy.sh [options] HOST

HOST is what ssh takes: a name, user@name, or an alias of ~/.ssh/config. The account needs to be root or
to have sudo without a password there. Nothing but K3s is needed on HOST, nothing but docker, helm and ssh here.

Options
  -f, --values FILE      further values, as for helm; may be given again
  -r, --release NAME     name of the release: demo
  -n, --namespace NAME   namespace: demo
  -t, --timeout TIME     how long to wait until everything is ready: 10m
      --tag TAG          load and use this local tag of database-load-demo instead of building
      --no-checks        do not run the demo's checks
      --dry-run          print what would be done, and do nothing
  -h, --help             print this

Environment, for what must not be in an argument list
  CHAOS_TOKEN            if set, changing a fault needs this token
  CORALOGIX_PRIVATE_KEY  if set, telemetry goes to Coralogix, with
  CORALOGIX_DOMAIN       the domain of the account, such as eu2.coralogix.com
HELP
}

say() { printf '%s\n' "$*"; }

die() {
  printf 'deploy: %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '        %s\n' "$2" >&2
  exit 1
}

# Runs a command, or prints it in a dry run.
run() {
  if [ -n "$DRY_RUN" ]; then
    printf '+'
    printf ' %q' "$@"
    printf '\n'
  else
    "$@"
  fi
}

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      -f | --values) need_value "$@" && VALUES+=("$2") && shift ;;
      -r | --release) need_value "$@" && RELEASE=$2 && shift ;;
      -n | --namespace) need_value "$@" && NAMESPACE=$2 && shift ;;
      -t | --timeout) need_value "$@" && TIMEOUT=$2 && shift ;;
      --tag) need_value "$@" && TAG=$2 && shift ;;
      --no-checks) CHECKS= ;;
      --dry-run) DRY_RUN=yes ;;
      -h | --help) usage && exit 0 ;;
      -*) die "unknown option $1" "helm/deploy.sh --help lists them" ;;
      *)
        [ -z "$HOST" ] || die "two hosts: $HOST and $1" "one HOST at a time"
        HOST=$1
        ;;
    esac
    shift
  done
  [ -n "$HOST" ] || die "HOST is missing" "helm/deploy.sh HOST, such as helm/deploy.sh root@demo.example.org"
  check_names
}

need_value() { [ $# -gt 1 ] && [ -n "$2" ] || die "$1 needs a value"; }

check_names() {
  local name
  for name in "$RELEASE" "$NAMESPACE"; do
    [[ $name =~ ^[a-z]([-a-z0-9]*[a-z0-9])?$ ]] ||
      die "\"$name\" is no name for Kubernetes" "use a-z, 0-9 and -, beginning with a letter"
  done
  for name in ${VALUES[@]+"${VALUES[@]}"}; do
    [ -r "$name" ] || die "cannot read the values file $name"
  done
  if [ -n "${CORALOGIX_PRIVATE_KEY:-}" ] && [ -z "${CORALOGIX_DOMAIN:-}" ]; then
    die "CORALOGIX_PRIVATE_KEY is set, CORALOGIX_DOMAIN is not" "set it to the domain of the account, such as eu2.coralogix.com"
  fi
  if [ -n "${CHAOS_TOKEN:-}" ] && [ ${#CHAOS_TOKEN} -lt 8 ]; then
    die "CHAOS_TOKEN is too short" "it needs 8 characters or more"
  fi
}

need_tools() {
  [ -z "$DRY_RUN" ] || return 0
  command -v docker >/dev/null || die "docker is not installed" "it builds and saves the image"
  command -v ssh >/dev/null || die "ssh is not installed"
  command -v helm >/dev/null || die "helm is not installed" "https://helm.sh/docs/intro/install: 3.17 or newer"
  [[ $(helm version --template '{{.Version}}') =~ ^v(3\.(1[7-9]|[2-9][0-9])|[4-9])\.? ]] ||
    die "this helm is too old: $(helm version --short)" "install 3.17 or newer"
  docker info >/dev/null 2>&1 || die "docker does not answer" "is its engine running, and may this account use it?"
  if [ -z "$TAG" ]; then
    docker buildx version >/dev/null 2>&1 ||
      die "this docker has no BuildKit, which the Dockerfile needs" "install its buildx plugin: https://docs.docker.com/go/buildx"
  else
    docker image inspect "database-load-demo:$TAG" >/dev/null 2>&1 ||
      die "there is no image database-load-demo:$TAG here" "docker image ls database-load-demo lists those that are; without --tag it is built"
  fi
}

# One connection for everything, so that a password or a passphrase is asked for once.
connect() {
  SCRATCH=$(mktemp -d)
  trap disconnect EXIT
  trap 'exit 130' INT TERM HUP
  SSH=(ssh -o "ControlPath=$SCRATCH/ssh" -o ConnectTimeout=10)
  [ -z "$DRY_RUN" ] || return 0
  "${SSH[@]}" -o ControlMaster=yes -o ControlPersist=yes -f -N "$HOST" ||
    die "cannot reach $HOST by ssh" "try: ssh $HOST"
  CONNECTED=yes
  remote 'PATH=$PATH:/usr/local/bin; command -v k3s >/dev/null' || die "there is no k3s on $HOST" "install it: https://docs.k3s.io/quick-start"
  remote '[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null' ||
    die "the account on $HOST is not root and may not use sudo without a password" "use root@$HOST, or allow it"
}

disconnect() {
  [ -z "$CONNECTED" ] || "${SSH[@]}" -O exit "$HOST" 2>/dev/null || true
  rm -rf "$SCRATCH"
}

# Takes one text for the shell on HOST. Standard input reaches it.
remote() { "${SSH[@]}" "$HOST" "$1"; }

# The same, as root. Some systems leave /usr/local/bin, where k3s is, out of the path of sudo.
remote_root() { remote "\$([ \"\$(id -u)\" = 0 ] || echo sudo -n) env PATH=\"\$PATH:/usr/local/bin\" $1"; }

platform() {
  [ -z "$DRY_RUN" ] || { say linux/amd64 && return; }
  case $(remote 'uname -m') in
    x86_64) say linux/amd64 ;;
    aarch64 | arm64) say linux/arm64 ;;
    *) die "$HOST has an architecture that the image is not built for" ;;
  esac
}

# Builds, and names the image after its content: the cluster replaces pods exactly when that has changed.
build_image() {
  local id
  say "Building the image for $1"
  run env DOCKER_BUILDKIT=1 docker build --platform "$1" --tag database-load-demo:deploy "$ROOT" ||
    die "the image cannot be built"
  if [ -n "$DRY_RUN" ]; then
    TAG=CONTENT
  else
    id=$(docker image inspect --format '{{.Id}}' database-load-demo:deploy)
    TAG=$(printf '%.12s' "${id#sha256:}")
  fi
  run docker tag database-load-demo:deploy "database-load-demo:$TAG"
}

load_image() {
  local image=docker.io/library/database-load-demo:$TAG there
  if [ -n "$DRY_RUN" ]; then
    say "+ docker save database-load-demo:$TAG | ssh $HOST k3s ctr images import -"
    return
  fi
  # No pipe into a reader that leaves at the first match: the writer would die of it.
  there=$(remote_root 'k3s ctr images ls -q') || die "k3s on $HOST does not list its images" "is k3s running there?"
  if grep -qxF "$image" <<<"$there"; then
    say "The image $TAG is on $HOST already"
  else
    say "Loading the image $TAG into K3s on $HOST"
    docker save --output "$SCRATCH/image" "database-load-demo:$TAG" ||
      die "docker cannot save the image $TAG" "is there room in ${TMPDIR:-/tmp}? Nothing was sent to $HOST"
    remote_root 'k3s ctr images import -' <"$SCRATCH/image" >/dev/null ||
      die "the image cannot be loaded into K3s on $HOST" "is there room on its disk?"
    rm "$SCRATCH/image"
  fi
}

# A secret goes to ssh through standard input: the argument list of a program can be read by everybody on a machine.
put_secret() {
  local name=$1 key=$2
  if [ -n "$DRY_RUN" ]; then
    say "+ ssh $HOST k3s kubectl apply -f -  # Secret $name with the key $key, from standard input"
    return
  fi
  local value
  value=$(printf %s "$3" | base64 | tr -d '\n')
  printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"%s"},"data":{"%s":"%s"}}\n' \
    "$name" "$NAMESPACE" "$key" "$value" |
    remote_root 'k3s kubectl apply -f -' >/dev/null || die "the Secret $name cannot be made"
}

prepare_namespace() {
  SETTINGS=()
  if [ -n "$DRY_RUN" ]; then
    say "+ ssh $HOST k3s kubectl create namespace $NAMESPACE  # unless it is there"
  else
    remote_root "k3s kubectl get namespace $NAMESPACE -o name" >/dev/null 2>&1 ||
      remote_root "k3s kubectl create namespace $NAMESPACE" >/dev/null || die "the namespace $NAMESPACE cannot be made"
  fi
  if [ -n "${CHAOS_TOKEN:-}" ]; then
    put_secret "$RELEASE-chaos-token" token "$CHAOS_TOKEN"
    SETTINGS+=(--set "chaos.existingSecret=$RELEASE-chaos-token")
  fi
  if [ -n "${CORALOGIX_PRIVATE_KEY:-}" ]; then
    put_secret "$RELEASE-coralogix" private-key "$CORALOGIX_PRIVATE_KEY"
    SETTINGS+=(--set telemetry.mode=coralogix --set "telemetry.coralogix.domain=$CORALOGIX_DOMAIN")
    SETTINGS+=(--set "telemetry.coralogix.existingSecret=$RELEASE-coralogix")
  fi
}

# helm runs here, through the connection: neither helm on HOST nor an open port of the API is needed.
open_api() {
  [ -z "$DRY_RUN" ] || return 0
  local port server_port attempt
  (umask 077 && remote_root 'cat /etc/rancher/k3s/k3s.yaml' >"$SCRATCH/kubeconfig") ||
    die "cannot read /etc/rancher/k3s/k3s.yaml on $HOST" "is this a server of K3s, not an agent?"
  server_port=$(sed -n 's|.*server: https://.*:\([0-9]*\).*|\1|p' "$SCRATCH/kubeconfig")
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000))
    if "${SSH[@]}" -O forward -L "127.0.0.1:$port:127.0.0.1:${server_port:-6443}" "$HOST" 2>/dev/null; then
      sed "s|server: .*|server: https://127.0.0.1:$port|" "$SCRATCH/kubeconfig" >"$SCRATCH/config"
      export KUBECONFIG=$SCRATCH/config
      return
    fi
  done
  die "cannot forward a port to the API of K3s on $HOST ($attempt tries)" "does its sshd allow forwarding?"
}

install_chart() {
  local file files=(-f "$CHART/values-nodeports.yaml")
  for file in ${VALUES[@]+"${VALUES[@]}"}; do files+=(-f "$file"); done
  say "Installing release $RELEASE in namespace $NAMESPACE"
  run helm upgrade --install "$RELEASE" "$CHART" --namespace "$NAMESPACE" "${files[@]}" \
    --set "image.repository=database-load-demo" --set-string "image.tag=$TAG" ${SETTINGS[@]+"${SETTINGS[@]}"} \
    --wait --wait-for-jobs --timeout "$TIMEOUT" || explain_failure
}

explain_failure() {
  say "What the pods say:" >&2
  remote_root "k3s kubectl -n $NAMESPACE get pods -l app.kubernetes.io/instance=$RELEASE" >&2 || true
  die "the release is not ready" "look closer: ssh $HOST sudo k3s kubectl -n $NAMESPACE describe pods. Then run this again"
}

check_demo() {
  [ -n "$CHECKS" ] || return 0
  say "Checking the demo inside the cluster"
  run helm test "$RELEASE" --namespace "$NAMESPACE" --logs --timeout 5m ||
    die "the demo runs, but its checks failed" "the lines above say which"
}

print_demo() {
  local at token=
  at=$(ssh -G "$HOST" 2>/dev/null | awk '$1 == "hostname" { print $2 }') || true
  at=${at:-${HOST#*@}}
  [[ $at != *:* ]] || at="[$at]"
  [ -z "${CHAOS_TOKEN:-}" ] || token=' -H "Authorization: Bearer $CHAOS_TOKEN"'
  cat <<DEMO

The demo is at $at:
  curl http://$at:30015/inventory/check/5
  curl "http://$at:30016/orders/popular-products?limit=5"
  curl -X POST http://$at:30016/orders/create -H "Content-Type: application/json" -d '{"user_id":"demo_user","product_id":5,"quantity":2}'
  curl -X POST http://$at:30015/inventory/reserve -H "Content-Type: application/json" -d '{"product_id":5,"quantity":1}'
Break it, look at it, mend it:
  curl -X POST http://$at:30015/demo/enable-slow-queries$token -d '{"delay_ms":2900}'
  curl -X POST http://$at:30015/demo/simulate-pool-exhaustion$token
  curl http://$at:30015/health | jq '.connection_pool'
  curl -X POST http://$at:30015/demo/reset$token
DEMO
}

main() {
  read_arguments "$@"
  need_tools
  connect
  local target
  if [ -z "$TAG" ]; then
    target=$(platform)
    build_image "$target"
  fi
  load_image
  prepare_namespace
  open_api
  install_chart
  check_demo
  print_demo
}

main "$@"
