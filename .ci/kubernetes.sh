#!/usr/bin/env bash
# The runtime k8s on a real cluster: conformance, isolation, three controls of one lab, and a workshop. Skipped where there
# is none.
#
#   BROWNOUT_CLUSTER   a command with `up`, `down`, `load ARCHIVE...` and `kubeconfig` (default: ../shared/k8s/cluster)
set -euo pipefail
cd "$(dirname "$0")/.."
cluster=$(readlink -f "${BROWNOUT_CLUSTER:-../shared/k8s/cluster}" || true)
if [ ! -x "$cluster" ] || [ "$(id -u)" != 0 ]; then
  echo "skipped: there is no command BROWNOUT_CLUSTER that starts a cluster, or this is not root"
  exit 0
fi

scratch=$(mktemp -d)
trap '"$cluster" down >/dev/null 2>&1; rm -rf "$scratch"' EXIT
"$cluster" up
KUBECONFIG=$("$cluster" kubeconfig)
server=$(sed -n 's|.*"\?server"\?: *"\?https\?://\([^:/"]*\).*|\1|p' "$KUBECONFIG" | head -n 1)
context=$(sed -n 's|.*"\?current-context"\?: *"\?\([^",]*\).*|\1|p' "$KUBECONFIG" | head -n 1)
export KUBECONFIG NO_PROXY="${NO_PROXY:+$NO_PROXY,}$server" no_proxy="${no_proxy:+$no_proxy,}$server"
export BROWNOUT_KUBE_CONTEXT=$context BROWNOUT_CLUSTER_LOAD="$cluster load"
make cluster-images ARGS="core grader examiner"

on_cluster() { .venv/bin/python -m pytest -q --durations=5 -p no:cacheprovider "$@"; }
on_cluster tests/infra/test_conformance.py tests/infra/k8s -k "k8s or test_isolation"
workshop=tests/grader/workshop
on_cluster $workshop/test_{seat,store,teaching}.py $workshop/board/test_{cluster,command}.py $workshop/examiner/test_on_a_cluster.py
on_cluster tests/proof/test_workshop.py -m proof

# control, exit code
while read -r control expected; do
  begun=$SECONDS got=0
  .venv/bin/lab grade canary --submission "scenarios/canary/controls/$control" --runtime k8s --out "$scratch/$control" \
    >"$scratch/$control.log" 2>&1 || got=$?
  echo "canary $control on k8s: exit code $got, expected $expected, $((SECONDS - begun)) s"
  [ "$got" = "$expected" ] || { cat "$scratch/$control.log"; exit 1; }
done <<<"shipped 1
reference 0
errors-only 1"
.venv/bin/lab doctor
