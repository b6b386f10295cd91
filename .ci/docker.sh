#!/usr/bin/env bash
# Docker for CI on Debian: installs what is missing and starts the daemon unless it runs. Safe to run again.
set -euo pipefail

log=${BROWNOUT_DOCKERD_LOG:-/var/log/dockerd.log}
wait_s=60

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have dockerd || missing+=(docker.io)
have docker || missing+=(docker-cli)
docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
docker buildx version >/dev/null 2>&1 || missing+=(docker-buildx)
have mmdebstrap || missing+=(mmdebstrap)

if ((${#missing[@]})); then
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" iptables >/dev/null
fi

if ! docker info >/dev/null 2>&1; then
    echo "starting dockerd, log in $log"
    # A pid file of a daemon that is gone (a machine that was stopped hard) would keep the new one from starting.
    # (a zombie that nobody reaped still answers kill -0)
    if ! grep -qs '^State:[[:space:]]*[RSDT]' "/proc/$(cat /var/run/docker.pid 2>/dev/null)/status"; then
        rm -f /var/run/docker.pid
    fi
    setsid nohup dockerd >"$log" 2>&1 </dev/null &
fi

for ((tenths = 0; tenths < wait_s * 10; tenths++)); do
    if docker info >/dev/null 2>&1; then
        echo "docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
        exit 0
    fi
    sleep 0.1
done
echo "dockerd did not answer within $wait_s s; the end of $log:" >&2
tail -n 20 "$log" >&2 || true
exit 1
