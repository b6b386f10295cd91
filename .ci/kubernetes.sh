#!/usr/bin/env bash
# The runtime k8s on a real cluster. Skipped where there is none.
#
#   kubernetes.sh up        starts the cluster
#   kubernetes.sh images    loads the images
#   kubernetes.sh tests     conformance, isolation, the workshop's parts: measures nothing
#   kubernetes.sh changed   key controls that the ledgers do not hold
#   kubernetes.sh workshop  examiner, and a whole workshop
#   kubernetes.sh down      stops the cluster
#
#   BROWNOUT_CLUSTER   a command with `up`, `down`, `load ARCHIVE...` and `kubeconfig` (default: ../shared/k8s/cluster)
set -euo pipefail
cd "$(dirname "$0")/.."
cluster=$(readlink -f "${BROWNOUT_CLUSTER:-../shared/k8s/cluster}" || true)
if [ ! -x "$cluster" ] || [ "$(id -u)" != 0 ]; then
  echo "skipped: there is no command BROWNOUT_CLUSTER that starts a cluster, or this is not root"
  exit 0
fi

name_it() {
  KUBECONFIG=$("$cluster" kubeconfig)
  local server context
  server=$(sed -n 's|.*"\?server"\?: *"\?https\?://\([^:/"]*\).*|\1|p' "$KUBECONFIG" | head -n 1)
  context=$(sed -n 's|.*"\?current-context"\?: *"\?\([^",]*\).*|\1|p' "$KUBECONFIG" | head -n 1)
  export KUBECONFIG NO_PROXY="${NO_PROXY:+$NO_PROXY,}$server" no_proxy="${no_proxy:+$no_proxy,}$server"
  export BROWNOUT_KUBE_CONTEXT=$context BROWNOUT_CLUSTER_LOAD="$cluster load"
}
on_cluster() { .venv/bin/python -m pytest -q --durations=5 -p no:cacheprovider "$@"; }
two_at_once() { on_cluster -n 2 -m "not proof" "$@"; } # the slow ones too; most of their time they wait for pods
workshop=tests/grader/classroom

case ${1:-} in
up)
  "$cluster" up
  ;;
images)
  name_it
  make cluster-images
  ;;
tests)
  name_it
  two_at_once --dist worksteal tests/infra/test_conformance.py tests/infra/k8s -k "k8s or test_isolation"
  two_at_once --dist loadfile $workshop/{cluster/test_store,desk/test_seat,teacher/test_teaching}.py $workshop/board/test_{cluster,command}.py
  .venv/bin/lab doctor
  ;;
changed)
  name_it
  .venv/bin/lab verify --all --changed --runtime k8s
  ;;
workshop)
  name_it
  on_cluster $workshop/examiner/test_on_a_cluster.py
  on_cluster tests/proof/test_workshop.py -m proof
  ;;
down)
  "$cluster" down
  ;;
*)
  echo "usage: kubernetes.sh up|images|tests|changed|workshop|down" >&2
  exit 2
  ;;
esac
